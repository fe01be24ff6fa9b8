------------------------------ MODULE MCLiveness ------------------------------
(***************************************************************************)
(* What the models of RaftLiveness share: bounds.  They are guards on what *)
(* happens before timing is kind and on clients; there is no CONSTRAINT    *)
(* and no SYMMETRY, which would hide behaviours from a liveness check.     *)
(* What happens once timing is kind has no bound: OneMoreTermIsEnough.     *)
(***************************************************************************)
EXTENDS RaftLiveness, ForgottenRules

CONSTANTS
  MaxTerm,  \* while timing is not kind, no server begins a term above this one
  MaxLog    \* no leader takes a command into a log of this length

Bounded(s) ==
  \/ currentTerm[s] < MaxTerm /\ ReducedTimeout(s)
  \/ Len(log[s]) < MaxLog /\ ReceiveCommand(s)
  \/ ReceiveVoteRequest(s)
  \/ ReducedBecomeLeader(s)
  \/ ReceiveEntries(s)
  \/ ReceiveRefusal(s)
  \/ CommitEntries(s)
  \/ ReducedRestart(s)

HasRoom(s) == Len(log[s]) < MaxLog

(* What is left of an assumption or of fairness, for models that must fail. *)

WithoutQuiet           == TRUE
AnybodyMayBeElected(s) == TRUE
AnyAreEnough(servers)  == servers # {}
NoEmptyEntry(s)        == FALSE
WithoutFairness        == TRUE

\* Where elections may go on failing for good, they are seen to fail this often.
TwoTermsAreLeft(s) == currentTerm[s] < MaxTerm + 2

=============================================================================

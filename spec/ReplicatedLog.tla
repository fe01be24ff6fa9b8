---------------------------- MODULE ReplicatedLog ----------------------------
(***************************************************************************)
(* What Raft is for (section 2): a replicated log, seen without terms,     *)
(* votes and messages.  There is one log of chosen entries.  It is only    *)
(* ever appended to.  Each server has applied a prefix of it, and forgets  *)
(* what it applied when it restarts.                                       *)
(*                                                                         *)
(* Raft implements it: RaftIsReplicatedLog says how.                       *)
(***************************************************************************)
EXTENDS Naturals, Sequences

CONSTANT Server  \* those who apply what is chosen

VARIABLES
  chosen,  \* the log: the entries chosen so far
  applied  \* for each server the entries that it has applied since it last started

abstractVars == <<chosen, applied>>

\* The sequence `begin` is how `whole` begins, or all of it.
IsPrefix(begin, whole) ==
  Len(begin) <= Len(whole) /\ SubSeq(whole, 1, Len(begin)) = begin

AbstractInit ==
  /\ chosen = <<>>
  /\ applied = [s \in Server |-> <<>>]

\* More entries are chosen, and whoever learns of it in this same step may apply them.
Choose ==
  /\ Len(chosen') > Len(chosen)
  /\ IsPrefix(chosen, chosen')
  /\ \/ applied' = applied
     \/ \E s \in Server : applied' = [applied EXCEPT ![s] = chosen']

\* s applies some more of what is chosen.
ApplyChosen(s) ==
  /\ \E length \in (Len(applied[s]) + 1) .. Len(chosen) :
       applied' = [applied EXCEPT ![s] = SubSeq(chosen, 1, length)]
  /\ UNCHANGED chosen

\* s restarts, with an empty state machine.
ForgetApplied(s) ==
  /\ applied' = [applied EXCEPT ![s] = <<>>]
  /\ UNCHANGED chosen

AbstractNext == Choose \/ \E s \in Server : ApplyChosen(s) \/ ForgetApplied(s)

AbstractSpec == AbstractInit /\ [][AbstractNext]_abstractVars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What follows: all servers apply the same entries in the same order.     *)
(***************************************************************************)

AppliedIsChosen == \A s \in Server : IsPrefix(applied[s], chosen)

AppliedAgree ==
  \A s, p \in Server : IsPrefix(applied[s], applied[p]) \/ IsPrefix(applied[p], applied[s])

ChosenOnlyGrows == [][IsPrefix(chosen, chosen')]_abstractVars

=============================================================================

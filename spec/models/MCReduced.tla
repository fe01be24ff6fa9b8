------------------------------ MODULE MCReduced ------------------------------
(***************************************************************************)
(* What every model of RaftReduced for TLC shares: the bounds that make it *)
(* finite.  They are guards and no CONSTRAINT, so that nothing beyond them *)
(* is generated.  Restarts, loss, duplication, delay and reordering have   *)
(* no bound.                                                               *)
(***************************************************************************)
EXTENDS RaftReduced, TLC

CONSTANTS
  MaxTerm,      \* no server begins a term above this one
  MaxLog        \* no leader appends beyond this length

BoundedTimeout(s) == currentTerm[s] < MaxTerm /\ ReducedTimeout(s)
BoundedCommand(s) == Len(log[s]) < MaxLog /\ ReceiveCommand(s)
BoundedNoOp(s)    == Len(log[s]) < MaxLog /\ ReducedAppendNoOp(s)

BoundedNext ==
  \E s \in Server :
    \/ BoundedTimeout(s)
    \/ ReceiveVoteRequest(s)
    \/ ReducedBecomeLeader(s)
    \/ BoundedCommand(s)
    \/ BoundedNoOp(s)
    \/ ReceiveEntries(s)
    \/ ReceiveRefusal(s)
    \/ CommitEntries(s)
    \/ ReducedRestart(s)

BoundedSpec == Init /\ [][BoundedNext]_vars

Symmetry == Permutations(Server)

\* A leader's empty entry is a command like any other to all but the state machine; a
\* model with one command leaves it out, one with several values has it.
NoEmptyEntry(s) == FALSE

=============================================================================

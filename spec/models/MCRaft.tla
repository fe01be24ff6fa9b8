------------------------------- MODULE MCRaft -------------------------------
(***************************************************************************)
(* What every model of Raft for TLC shares: the bounds that make it        *)
(* finite.                                                                 *)
(***************************************************************************)
EXTENDS RaftProperties, TLC

CONSTANTS
  MaxTerm,      \* no server begins a term above this one
  MaxLog        \* no leader appends beyond this length

\* A leader that may send any slice loses no behaviour by a fixed nextIndex, since no
\* guard reads it.
LowestNextIndex(s, match) == {match + 1}

\* Within the bounds: a state beyond them is not explored further.
WithinBounds ==
  \A s \in Server : currentTerm[s] <= MaxTerm /\ Len(log[s]) <= MaxLog

Symmetry == Permutations(Server)

=============================================================================

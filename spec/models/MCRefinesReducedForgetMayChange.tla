------------------- MODULE MCRefinesReducedForgetMayChange --------------------
(***************************************************************************)
(* A reduction that goes too far: what a leader has sent is dropped once   *)
(* all others are in its term, though its entries may still reach them.    *)
(* Raft does not refine RaftReduced then.                                  *)
(***************************************************************************)
EXTENDS MCRefinesReduced

ForgottenMayChange(m, p) ==
  \/ currentTerm[p] < m.term
  \/ /\ currentTerm[p] = m.term
     /\ m.type = RequestVoteRequest
     /\ votedFor[p] = Nil

=============================================================================

---------------------- MODULE MCForgetVoteIsOfThisTerm ----------------------
(***************************************************************************)
(* A vote of an earlier term counts in a later one: a candidate wins a     *)
(* term in which its voter votes for another (section 5.2).  Two terms, no *)
(* entries.                                                                *)
(***************************************************************************)
EXTENDS MCRestricted

\* Here a granted vote matters for as long as its candidate is one.
StillMatters(m) ==
  CASE m.type = RequestVoteRequest -> m.term >= currentTerm[m.to]
    [] m.type = RequestVoteResponse -> m.voteGranted /\ role[m.to] = Candidate
    [] OTHER -> FALSE

=============================================================================

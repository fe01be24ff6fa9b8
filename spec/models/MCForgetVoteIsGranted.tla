----------------------- MODULE MCForgetVoteIsGranted ------------------------
(***************************************************************************)
(* A refusal counts as a vote (section 5.2).                               *)
(* One term, no entries.                                                   *)
(***************************************************************************)
EXTENDS MCRestricted

\* Here a refusal matters too.
StillMatters(m) ==
  CASE m.type = RequestVoteRequest -> m.term >= currentTerm[m.to]
    [] m.type = RequestVoteResponse ->
         m.term = currentTerm[m.to] /\ role[m.to] = Candidate
    [] OTHER -> FALSE

=============================================================================

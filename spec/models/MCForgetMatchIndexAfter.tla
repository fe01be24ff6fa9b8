---------------------- MODULE MCForgetMatchIndexAfter -----------------------
(***************************************************************************)
(* A late acknowledgement takes matchIndex back (section 5.3).  Nothing    *)
(* falls, and the model passes: what a server has acknowledged in a term   *)
(* it holds for as long as that term's leader leads, so a smaller          *)
(* matchIndex is true as well.  It costs entries sent again, and a later   *)
(* commit.  Left out of the properties is MatchIndexGrows, which says this *)
(* rule again.  s1 leads the only term, and appends up to two entries; s3  *)
(* is cut off.                                                             *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>
FirstTwo == <<{s1, s2}>>
FromTheStart(s, p) == {<<0, count>> : count \in 1 .. LastIndex(s)}

\* Here a late acknowledgement matters too.
StillMatters(m) ==
  /\ m.term >= currentTerm[m.to]
  /\ m.type = RequestVoteResponse => m.voteGranted /\ role[m.to] = Candidate

=============================================================================

---------------------- MODULE MCForgetCommitIndexAfter ----------------------
(***************************************************************************)
(* The commit index goes back: a server has applied what it no longer      *)
(* takes for committed (section 5.3).  What was applied was committed, and *)
(* stays so; what falls is that the server knows.  s1 leads the only term, *)
(* and appends one entry; s3 is cut off.                                   *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>
FirstTwo == <<{s1, s2}>>
AppliesWhatItMay(s) == TRUE

=============================================================================

------------------------ MODULE MCForgetRecoveredLog ------------------------
(***************************************************************************)
(* A server restarts without its last entry: one that was committed is on  *)
(* too few servers (Figure 2, persistent state).                           *)
(* s1 leads the only term and appends one entry, s3 is cut off; any server *)
(* restarts at any time.                                                   *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>
FirstTwo == <<{s1, s2}>>
RestartsAnyTime(s) == TRUE

=============================================================================

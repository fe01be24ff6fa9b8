------------------------ MODULE MCForgetEntriesAgree ------------------------
(***************************************************************************)
(* Entries that are already there erase what stands behind them: a         *)
(* heartbeat that comes late undoes what was acknowledged (section 5.3).   *)
(* s1 leads the only term, and appends one entry; s3 is cut off.           *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>
FirstTwo == <<{s1, s2}>>
OneEntryOrNone(s, p) == {<<0, 0>>, <<0, LastIndex(s)>>}

=============================================================================

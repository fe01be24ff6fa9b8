-------------------- MODULE MCForgetPreviousEntryExists ---------------------
(***************************************************************************)
(* Entries are appended behind a gap, and so at the wrong index (section   *)
(* 5.3).                                                                   *)
(* s1 leads the only term and appends up to two entries; s3 is cut off.    *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>
FirstTwo == <<{s1, s2}>>

\* Any one entry.
OneAtATime(s, p) == {<<prev, 1>> : prev \in 0 .. LastIndex(s) - 1}

=============================================================================

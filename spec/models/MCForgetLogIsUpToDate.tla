----------------------- MODULE MCForgetLogIsUpToDate ------------------------
(***************************************************************************)
(* Anyone's log is good enough: a server that lacks a committed entry is   *)
(* elected (section 5.4.1).                                                *)
(* s1 begins the first term, s3 the second.                                *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenThird == <<{s1}, {s3}>>
OneAtFirst == <<1, 0>>

=============================================================================

------------------------------- MODULE MCReads -------------------------------
(***************************************************************************)
(* Reads by ReadIndex under an election and lost, late and repeated        *)
(* confirmations: 3 servers, of which s1 begins the first term and s2 the  *)
(* second. s1 and s2 are connected in the first term, s2 and s3 in the     *)
(* second.                                                                 *)
(***************************************************************************)
EXTENDS MCReadsRestricted

OneAfterTheOther == <<{s1}, {s2}>>
OneEach == <<1, 1>>
Overlapping == <<{s1, s2}, {s2, s3}>>

=============================================================================

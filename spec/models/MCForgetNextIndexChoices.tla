---------------------- MODULE MCForgetNextIndexChoices ----------------------
(***************************************************************************)
(* nextIndex is anything from 1 on (section 5.3).  Nothing falls, and the  *)
(* model passes: a leader may send any slice of its log, and followers     *)
(* refuse what does not fit.  It costs requests that bring nothing new.    *)
(* Left out of the properties are NextIndexAboveMatchIndex and TypeOK,     *)
(* which say this rule again.                                              *)
(* s1 leads the only term, and appends one entry; s3 is cut off.           *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>
FirstTwo == <<{s1, s2}>>

=============================================================================

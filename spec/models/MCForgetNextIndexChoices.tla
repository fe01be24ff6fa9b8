---------------------- MODULE MCForgetNextIndexChoices ----------------------
(***************************************************************************)
(* nextIndex is anything from 1 on (section 5.3).  Nothing falls, and the   *)
(* model passes: a leader may send any slice of its log, and followers      *)
(* refuse what does not fit.  It costs requests that bring nothing new.     *)
(* s1 leads the only term, and appends one entry.                           *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>

ForgottenNextIndexChoices(s, match) == 1 .. (LastIndex(s) + 1)

=============================================================================

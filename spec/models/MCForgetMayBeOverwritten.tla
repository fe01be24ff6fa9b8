---------------------- MODULE MCForgetMayBeOverwritten ----------------------
(***************************************************************************)
(* A leader obeys a request of its own term (section 5.3).  Nothing falls,  *)
(* and the model passes: such a request comes from a leader of that term,   *)
(* and by Election Safety that is the receiver itself.  The guard is a      *)
(* second line of defence.                                                  *)
(* Two terms, one entry; s1 begins the first term, any server the second.   *)
(***************************************************************************)
EXTENDS MCForget

FirstThenAny == <<{s1}, Server>>

ForgottenMayBeOverwritten(s, m) == TRUE

=============================================================================

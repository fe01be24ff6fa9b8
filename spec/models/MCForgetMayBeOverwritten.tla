---------------------- MODULE MCForgetMayBeOverwritten ----------------------
(***************************************************************************)
(* A leader obeys a request of its own term (section 5.3).  Nothing falls,  *)
(* and the model passes: such a request comes from a leader of that term,   *)
(* and by Election Safety that is the receiver itself.  The guard is a      *)
(* second line of defence.                                                  *)
(* Two terms, one entry; s1 begins the first term, s1 or s2 the second; s3  *)
(* is in no other position than s2.                                         *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenFirstTwo == <<{s1}, {s1, s2}>>

ForgottenMayBeOverwritten(s, m) == TRUE

=============================================================================

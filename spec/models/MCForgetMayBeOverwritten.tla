---------------------- MODULE MCForgetMayBeOverwritten ----------------------
(***************************************************************************)
(* A leader obeys a request of its own term (section 5.3).  Nothing falls, *)
(* and the model passes: such a request comes from a leader of that term,  *)
(* and by Election Safety that is the receiver itself.  The guard is a     *)
(* second line of defence.                                                 *)
(* Two terms, one entry; s1 begins the first term, of which s3 hears       *)
(* nothing, and s1 or s2 the second.                                       *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenFirstTwo == <<{s1}, {s1, s2}>>
FirstTwoThenAll == <<{s1, s2}, Server>>

=============================================================================

------------------------ MODULE MCForgetTermIsLarger ------------------------
(***************************************************************************)
(* A message of a larger term leaves its receiver in its own (section      *)
(* 5.1).  This costs liveness, all of it: whoever answers a candidate      *)
(* answers in an older term, where its vote does not count, so that nobody *)
(* is ever elected (MCLivenessForgetTermIsLarger).  The model passes, with *)
(* NobodyIsElected as an invariant.  Two terms, any server begins any.     *)
(***************************************************************************)
EXTENDS MCRestricted

NobodyIsElected == elections = {}

=============================================================================

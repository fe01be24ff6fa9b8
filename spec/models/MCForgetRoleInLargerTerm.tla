---------------------- MODULE MCForgetRoleInLargerTerm ----------------------
(***************************************************************************)
(* A server that adopts a larger term keeps its role: a candidate is       *)
(* elected in a term it has never asked for, by the votes of the term      *)
(* before (section 5.1).                                                   *)
(* Two terms, no entries.                                                  *)
(***************************************************************************)
EXTENDS MCRestricted

=============================================================================

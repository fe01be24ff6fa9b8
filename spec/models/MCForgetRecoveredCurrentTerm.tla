-------------------- MODULE MCForgetRecoveredCurrentTerm --------------------
(***************************************************************************)
(* A server restarts in term 0: it votes again in a term in which it has   *)
(* voted (Figure 2, persistent state).                                     *)
(* One term, no entries, any server restarts at any time.                  *)
(***************************************************************************)
EXTENDS MCRestricted

RestartsAnyTime(s) == TRUE

=============================================================================

--------------------- MODULE MCLivenessWithoutEmptyEntry ----------------------
(***************************************************************************)
(* A leader without an entry of its own term never learns that older       *)
(* entries are committed (section 8).                                      *)
(***************************************************************************)
EXTENDS MCLiveness
===============================================================================

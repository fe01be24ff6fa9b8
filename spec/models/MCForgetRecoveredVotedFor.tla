--------------------- MODULE MCForgetRecoveredVotedFor ----------------------
(***************************************************************************)
(* A server that restarts has not voted: it votes again (Figure 2,         *)
(* persistent state).                                                      *)
(* One term, no entries, any server restarts at any time.                  *)
(***************************************************************************)
EXTENDS MCRestricted

RestartsAnyTime(s) == TRUE

=============================================================================

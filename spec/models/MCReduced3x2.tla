----------------------------- MODULE MCReduced3x2 -----------------------------
(***************************************************************************)
(* RaftReduced exhausted: 3 servers, 3 terms and logs of up to 2 entries.  *)
(* Crashes and restarts, loss, duplication, delay and reordering have no   *)
(* bound; a leader's empty entry is left out, since it is to everything    *)
(* but the state machine one more command.                                 *)
(***************************************************************************)
EXTENDS MCReduced
===============================================================================

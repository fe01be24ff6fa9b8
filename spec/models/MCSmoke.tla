------------------------------- MODULE MCSmoke -------------------------------
(***************************************************************************)
(* The first look: 3 servers, 2 terms, logs of up to 2 entries, each a     *)
(* command or a leader's empty entry.  Crashes and restarts, loss,         *)
(* duplication, delay and reordering are possible without a bound.         *)
(***************************************************************************)
EXTENDS MCReduced
=============================================================================

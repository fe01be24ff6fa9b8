---------------------- MODULE MCReadsForgetIndexOfRead ----------------------
(***************************************************************************)
(* A read waits for what was applied when it was asked, and misses what    *)
(* was committed by then and not yet applied.                              *)
(***************************************************************************)
EXTENDS MCReads

=============================================================================

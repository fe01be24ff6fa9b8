---------------------- MODULE MCReadsForgetRoundOfRead ----------------------
(***************************************************************************)
(* A read takes the confirmation of a round that began before it was       *)
(* asked, which a leader may have got while it still led.                  *)
(***************************************************************************)
EXTENDS MCReads

=============================================================================

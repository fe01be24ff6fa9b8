---------------------- MODULE MCRefinesReducedSimulation ----------------------
(***************************************************************************)
(* Raft, every message sent by itself and every action taken, refines      *)
(* RaftReduced on random behaviours at bounds that no exhaustive search    *)
(* with concrete messages reaches.                                         *)
(***************************************************************************)
EXTENDS MCRefinesReduced
=============================================================================

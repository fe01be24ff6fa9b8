--------------- MODULE MCSnapshotsForgetRecoveredSnapshotIndex ---------------
(***************************************************************************)
(* A restart does not find the snapshot, and with it loses the entries     *)
(* that it was there to stand for.                                         *)
(***************************************************************************)
EXTENDS MCSnapshots

==============================================================================

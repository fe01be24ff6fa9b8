--------------------- MODULE MCSnapshotsForgetMayCompact ---------------------
(***************************************************************************)
(* A server forgets entries that it has not applied, and after a restart   *)
(* takes them for committed.                                               *)
(***************************************************************************)
EXTENDS MCSnapshots

==============================================================================

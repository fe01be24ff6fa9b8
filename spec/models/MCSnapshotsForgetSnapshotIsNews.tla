------------------- MODULE MCSnapshotsForgetSnapshotIsNews -------------------
(***************************************************************************)
(* A snapshot that arrives late takes back what is known to be committed.  *)
(***************************************************************************)
EXTENDS MCSnapshots

TheFirst == <<{s1}>>
FirstTwo == <<{s1, s2}>>
TwoAtFirst == <<2>>
NobodyRestarts(s) == FALSE

==============================================================================

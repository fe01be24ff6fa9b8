----------------- MODULE MCSnapshotsForgetSnapshotMatchesLog -----------------
(***************************************************************************)
(* A snapshot takes the place of a log that holds it, and of the entries   *)
(* after it, which were acknowledged.                                      *)
(***************************************************************************)
EXTENDS MCSnapshots

TheFirst == <<{s1}>>
FirstTwo == <<{s1, s2}>>
TwoAtFirst == <<2>>
NobodyRestarts(s) == FALSE

==============================================================================

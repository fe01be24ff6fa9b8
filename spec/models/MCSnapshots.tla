----------------------------- MODULE MCSnapshots -----------------------------
(***************************************************************************)
(* Compaction and snapshots under an election and restarts of the leader:  *)
(* 3 servers, of which s1 begins the first term and s2 the second. s1 and  *)
(* s2 are connected in the first term, s2 and s3 in the second.            *)
(***************************************************************************)
EXTENDS MCSnapshotsRestricted

OneAfterTheOther == <<{s1}, {s2}>>
OneEach == <<1, 1>>
Overlapping == <<{s1, s2}, {s2, s3}>>
TheFirstMayRestart(s) == s = s1 /\ role[s] = Leader

=============================================================================

-------------------- MODULE MCSnapshotsForgetSnapshotTerm --------------------
(***************************************************************************)
(* A log that is long enough is taken for one that holds the snapshot,     *)
(* without a look at the term: a tail that conflicts stays, and counts as  *)
(* committed.                                                              *)
(***************************************************************************)
EXTENDS MCSnapshots

\* s1 appends in the first term what nobody else gets.
AloneThenTogether == <<{s1, s2}, Server>>
SendsInTermTwo(s, p) == IF currentTerm[s] = 1 THEN {} ELSE SlicesAfterSnapshot(s, p)

\* For SnapshotMatchesLog: what is left of it without the term.
ForgottenSnapshotTerm(s, m) == m.lastIncludedIndex <= LastIndex(s)

==============================================================================

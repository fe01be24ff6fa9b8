----------------------- MODULE ForgottenSnapshotRules -----------------------
(***************************************************************************)
(* What is left of each rule of RaftSnapshots.tla where an implementation  *)
(* forgets it, in the order of the rules, as ForgottenRules.tla has it of  *)
(* Raft.tla.  A model MCSnapshotsForgetXxx puts ForgottenXxx in the rule's *)
(* place.                                                                  *)
(***************************************************************************)
EXTENDS RaftSnapshots

\* What is not applied is compacted too.
ForgottenMayCompact(s, index) == TRUE

\* Every snapshot is taken in, however old.
ForgottenSnapshotIsNews(s, m) == TRUE

\* A snapshot takes the place of any log.
ForgottenSnapshotMatchesLog(s, m) == FALSE

\* The snapshot is not found again.
ForgottenRecoveredSnapshotIndex(s) == 0

=============================================================================

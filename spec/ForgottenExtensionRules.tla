----------------------- MODULE ForgottenExtensionRules -----------------------
(***************************************************************************)
(* What is left of each rule of RaftSnapshots.tla and RaftReads.tla where   *)
(* an implementation forgets it, as ForgottenRules.tla has it of Raft.tla.  *)
(***************************************************************************)
EXTENDS RaftSnapshots, RaftReads

(* Snapshots, section 7 *)

\* What is not applied is compacted too.
ForgottenMayCompact(s, index) == TRUE

\* Every snapshot is taken in, however old.
ForgottenSnapshotIsNews(s, m) == TRUE

\* A snapshot takes the place of any log.
ForgottenSnapshotMatchesLog(s, m) == FALSE

\* The snapshot is not found again.
ForgottenRecoveredSnapshotIndex(s) == 0

(* Reads, section 8 *)

\* A leader reads before it has committed anything in its term.
ForgottenHasCommittedInTerm(s) == TRUE

\* A round that began before the read was asked confirms it.
ForgottenRoundOfRead(s) == Max(1, round[s])

\* A read sees what is applied, and not all that is committed.
ForgottenIndexOfRead(s) == lastApplied[s]

\* A confirmation of another term is counted.
ForgottenConfirmationIsOfThisTerm(s, m) == TRUE

\* A leader answers without being confirmed.
ForgottenConfirmersOf(s, read) == Server

\* A read is answered before what it must see is applied.
ForgottenMayAnswer(s, read) == TRUE

=============================================================================

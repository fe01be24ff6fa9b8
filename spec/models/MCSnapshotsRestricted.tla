------------------------ MODULE MCSnapshotsRestricted ------------------------
(***************************************************************************)
(* A part of the behaviours of RaftSnapshots, in the manner of             *)
(* MCRestricted: the protocol is unchanged, only which of the enabled      *)
(* steps are taken is restricted.                                          *)
(*                                                                         *)
(* Unlike there, every server may apply what is committed and compact what *)
(* it has applied, whenever it likes; a leader sends all that it has not   *)
(* forgotten, or its snapshot.                                             *)
(***************************************************************************)
EXTENDS MCRestricted, ForgottenSnapshotRules

snapshotModelVars == <<modelVars, snapshotIndex>>

\* Every server may apply what is committed.
AllApply(s) == TRUE

\* The slices that s may send to p: all that it has not forgotten.
SlicesAfterSnapshot(s, p) ==
  IF LastIndex(s) = snapshotIndex[s] THEN {}
  ELSE {<<snapshotIndex[s], LastIndex(s) - snapshotIndex[s]>>}

\* For Matters of MCRestricted: receiving m could still change something.
MattersWithSnapshots(m) ==
  /\ m.term >= currentTerm[m.to]
  /\ CASE m.type \in {RequestVoteRequest, AppendEntriesRequest, InstallSnapshotRequest} ->
            IsAwaited(m)
       [] m.type = RequestVoteResponse ->
            m.voteGranted /\ m.term = currentTerm[m.to] /\ role[m.to] = Candidate
       [] m.type = AppendEntriesResponse ->
            /\ m.success /\ m.term = currentTerm[m.to] /\ role[m.to] = Leader
            /\ m.matchIndex > matchIndex[m.to][m.from]

TakeRaftStep(s) ==
  /\ \/ TakeTimeout(s)
     \/ TakeReceive(s)
     \/ TakeBecomeLeader(s)
     \/ TakeClientRequest(s)
     \/ TakeAdvanceCommitIndex(s)
     \/ TakeApply(s)
  /\ UNCHANGED snapshotIndex

TakeCompactLog(s) ==
  \E index \in 1 .. LastIndex(s) :
    /\ CompactLog(s, index)
    /\ Ends([action |-> "CompactLog", server |-> s, index |-> index], {})

TakeSendEntries(s) ==
  \E p \in Peers(s) : \E slice \in Slices(s, p) :
    /\ SendEntriesAfterSnapshot(s, p, slice[1], slice[2])
    /\ Ends([action |-> "SendAppendEntries", server |-> s, peer |-> p,
             prevLogIndex |-> slice[1], count |-> slice[2]], {})

TakeSendInstallSnapshot(s) ==
  \E p \in Peers(s) :
    /\ SendInstallSnapshot(s, p)
    /\ Ends([action |-> "SendInstallSnapshot", server |-> s, peer |-> p], {})

TakeReceiveSnapshot(s) ==
  \E m \in messages :
    /\ HandleInstallSnapshotRequest(s, m)
    /\ Ends([action |-> "Handle" \o m.type, server |-> s, message |-> m], {m})

TakeRestartFromSnapshot(s) ==
  /\ MayRestart(s)
  /\ RestartFromSnapshot(s)
  /\ Ends([action |-> "Restart", server |-> s], {})

SnapshotsRestrictedNext ==
  \E s \in Server :
    \/ TakeRaftStep(s)
    \/ TakeCompactLog(s)
    \/ TakeSendEntries(s)
    \/ TakeSendInstallSnapshot(s)
    \/ TakeReceiveSnapshot(s)
    \/ TakeRestartFromSnapshot(s)

SnapshotsRestrictedSpec ==
  RestrictedInit /\ SnapshotsInit /\ [][SnapshotsRestrictedNext]_snapshotModelVars

SnapshotsView == <<vars, snapshotIndex>>

=============================================================================

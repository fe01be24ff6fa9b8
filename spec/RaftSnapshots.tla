---------------------------- MODULE RaftSnapshots ----------------------------
(***************************************************************************)
(* Log compaction by snapshots (section 7 of the paper), as a module on    *)
(* top of Raft.                                                            *)
(*                                                                         *)
(* A server forgets the entries up to snapshotIndex and keeps the state    *)
(* that they made of its state machine.  Here `log` remains whole: what a  *)
(* server has forgotten is still there for the properties to talk about,   *)
(* and each is said of the whole log, as in RaftProperties.  That a server *)
(* does not need it is said twice.  A step never takes an entry from       *)
(* there: a leader sends none (SendEntriesAfterSnapshot).  And where a     *)
(* request speaks of forgotten entries, a server may take for granted that *)
(* they agree: CompactedEntriesAgree.                                      *)
(*                                                                         *)
(* A follower that needs what its leader has forgotten gets the snapshot   *)
(* instead.  It acknowledges it as it does entries.  The state in the      *)
(* message is given by the entries that made it.                           *)
(*                                                                         *)
(* Left out: the offsets by which a large snapshot travels in parts, and   *)
(* what the state machine makes of entries.                                *)
(***************************************************************************)
EXTENDS RaftProperties

\* The third RPC (Figure 13); its response is an AppendEntriesResponse.
InstallSnapshotRequest == "InstallSnapshotRequest"

VARIABLE
  \* Persistent: the last index that the server's snapshot includes; 0 without one.
  snapshotIndex

SnapshotTypeOKOf(s) == snapshotIndex[s] \in 0 .. Len(log[s])

SnapshotsTypeOK == \A s \in Server : SnapshotTypeOKOf(s)

SnapshotMessageTypeOK(m) ==
  /\ m.from \in Server /\ m.to \in Server \ {m.from}
  /\ m.term \in Nat /\ m.lastIncludedIndex \in Nat \ {0} /\ m.lastIncludedTerm \in 0 .. m.term

-----------------------------------------------------------------------------
(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* Only what is applied goes into a snapshot.
MayCompact(s, index) == index <= lastApplied[s]

\* A snapshot that includes no more than what the server knows to be committed says
\* nothing new, and takes nothing back.
SnapshotIsNews(s, m) == m.lastIncludedIndex > commitIndex[s]

\* The log holds the last entry that the snapshot includes, and so all of them: the entries
\* after it are kept, since they may have been acknowledged.
SnapshotMatchesLog(s, m) ==
  /\ m.lastIncludedIndex <= LastIndex(s)
  /\ TermAt(log[s], m.lastIncludedIndex) = m.lastIncludedTerm

\* The snapshot survives a restart, and so does that it is committed and applied.
RecoveredSnapshotIndex(s) == snapshotIndex[s]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Snapshots                                                               *)
(***************************************************************************)

SnapshotsInit == snapshotIndex = [s \in Server |-> 0]

\* s takes a snapshot of its state machine and forgets the entries up to index.
CompactLog(s, index) ==
  /\ index \in (snapshotIndex[s] + 1) .. LastIndex(s)
  /\ MayCompact(s, index)
  /\ snapshotIndex' = [snapshotIndex EXCEPT ![s] = index]
  /\ Send({})
  /\ UNCHANGED <<persistentVars, volatileVars, historyVars>>

\* The leader s sends p a slice of its log, from what it has not forgotten.  Of the last
\* entry that its snapshot includes it knows the term.
SendEntriesAfterSnapshot(s, p, prevLogIndex, count) ==
  /\ prevLogIndex >= snapshotIndex[s]
  /\ SendAppendEntries(s, p, prevLogIndex, count)
  /\ UNCHANGED snapshotIndex

\* The state that a snapshot of s holds, by the entries that made it ...
EntriesIncluded(s) == SubSeq(log[s], 1, snapshotIndex[s])

\* ... and the log of whoever takes it from m.
LogOfSnapshot(m) == m.included

\* The leader s sends p its snapshot.
SendInstallSnapshot(s, p) ==
  /\ role[s] = Leader
  /\ p \in Peers(s)
  /\ snapshotIndex[s] > 0
  /\ Send({[type              |-> InstallSnapshotRequest,
            from              |-> s,
            to                |-> p,
            term              |-> currentTerm[s],
            lastIncludedIndex |-> snapshotIndex[s],
            lastIncludedTerm  |-> TermAt(log[s], snapshotIndex[s]),
            included          |-> EntriesIncluded(s)]})
  /\ \E next \in NextIndexChoices(s, matchIndex[s][p]) :
       nextIndex' = [nextIndex EXCEPT ![s][p] = next]
  /\ UNCHANGED <<persistentVars, role, commitIndex, lastApplied, votesGranted,
                 matchIndex, historyVars, snapshotIndex>>

\* s receives a snapshot from the leader of some term, and answers.  What it includes is
\* committed.  Where the log holds it already nothing else changes; otherwise the snapshot
\* takes the place of the log and of the state machine's state.
HandleInstallSnapshotRequest(s, m) ==
  /\ CanReceive(m)
  /\ m.type = InstallSnapshotRequest
  /\ m.to = s
  /\ MayBeOverwritten(s, m)
  /\ IF ~TermIsStale(s, m)
     THEN /\ IF ~SnapshotIsNews(s, m)
             THEN UNCHANGED <<log, commitIndex, lastApplied, snapshotIndex>>
             ELSE IF SnapshotMatchesLog(s, m)
             THEN /\ commitIndex' = [commitIndex EXCEPT ![s] = m.lastIncludedIndex]
                  /\ UNCHANGED <<log, lastApplied, snapshotIndex>>
             ELSE /\ log' = [log EXCEPT ![s] = LogOfSnapshot(m)]
                  /\ commitIndex' = [commitIndex EXCEPT ![s] = m.lastIncludedIndex]
                  /\ lastApplied' = [lastApplied EXCEPT ![s] = m.lastIncludedIndex]
                  /\ snapshotIndex' = [snapshotIndex EXCEPT ![s] = m.lastIncludedIndex]
          /\ Send({[type       |-> AppendEntriesResponse,
                    from       |-> s,
                    to         |-> m.from,
                    term       |-> TermAfter(s, m),
                    success    |-> TRUE,
                    matchIndex |-> m.lastIncludedIndex]})
     ELSE /\ UNCHANGED <<log, commitIndex, lastApplied, snapshotIndex>>
          /\ Send({[type         |-> AppendEntriesResponse,
                    from         |-> s,
                    to           |-> m.from,
                    term         |-> TermAfter(s, m),
                    success      |-> FALSE,
                    prevLogIndex |-> m.lastIncludedIndex,
                    lastLogIndex |-> LastIndex(s)]})
  /\ HearLeader(s, m)
  /\ UNCHANGED historyVars

\* The log that s finds on stable storage: behind a snapshot that is not found it is lost.
LogOnStorage(s) ==
  IF RecoveredSnapshotIndex(s) = snapshotIndex[s] THEN RecoveredLog(s) ELSE <<>>

\* s crashes and comes back from stable storage: its state machine is that of the snapshot.
RestartFromSnapshot(s) ==
  /\ currentTerm'   = [currentTerm EXCEPT ![s] = RecoveredCurrentTerm(s)]
  /\ votedFor'      = [votedFor EXCEPT ![s] = RecoveredVotedFor(s)]
  /\ log'           = [log EXCEPT ![s] = LogOnStorage(s)]
  /\ snapshotIndex' = [snapshotIndex EXCEPT ![s] = RecoveredSnapshotIndex(s)]
  /\ role'          = [role EXCEPT ![s] = Follower]
  /\ commitIndex'   = [commitIndex EXCEPT ![s] = RecoveredSnapshotIndex(s)]
  /\ lastApplied'   = [lastApplied EXCEPT ![s] = RecoveredSnapshotIndex(s)]
  /\ VolatileStateEndsWithRole(s)
  /\ Send({})
  /\ UNCHANGED historyVars

-----------------------------------------------------------------------------
(***************************************************************************)
(* The protocol                                                            *)
(***************************************************************************)

\* A step of Raft by s that has nothing to do with snapshots.
StepWithoutSnapshots(s) ==
  /\ \/ Timeout(s)
     \/ \E m \in messages : Receive(s, m)
     \/ BecomeLeader(s)
     \/ \E command \in Command : ClientRequest(s, command)
     \/ AppendNoOp(s)
     \/ \E index \in 1 .. LastIndex(s) : AdvanceCommitIndex(s, index)
     \/ \E index \in 1 .. LastIndex(s) : Apply(s, index)
  /\ UNCHANGED snapshotIndex

SendSomeEntriesAfterSnapshot(s) ==
  \E p \in Peers(s), prevLogIndex \in snapshotIndex[s] .. LastIndex(s) :
    \E count \in 0 .. (LastIndex(s) - prevLogIndex) :
      SendEntriesAfterSnapshot(s, p, prevLogIndex, count)

SnapshotStep(s) ==
  \/ \E index \in 1 .. LastIndex(s) : CompactLog(s, index)
  \/ SendSomeEntriesAfterSnapshot(s)
  \/ \E p \in Peers(s) : SendInstallSnapshot(s, p)
  \/ \E m \in messages : HandleInstallSnapshotRequest(s, m)
  \/ RestartFromSnapshot(s)

SnapshotsNext == \E s \in Server : StepWithoutSnapshots(s) \/ SnapshotStep(s)

SnapshotsSpec == Init /\ SnapshotsInit /\ [][SnapshotsNext]_<<vars, snapshotIndex>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* What snapshots promise                                                  *)
(***************************************************************************)

\* A snapshot includes only what is applied (section 7), and so committed.
SnapshotIsAppliedOf(s) == snapshotIndex[s] <= lastApplied[s]

SnapshotIsApplied == \A s \in Server : SnapshotIsAppliedOf(s)

\* The entries that a request brings, and the one before them.
SaysTermOf(m, index) ==
  IF index = m.prevLogIndex THEN m.prevLogTerm ELSE m.entries[index - m.prevLogIndex].term

\* What a request that is not stale says of entries that its receiver has forgotten agrees
\* with them.  So the receiver may take it for granted, and needs no forgotten entry.
AgreesWithCompacted(m) ==
  m.type = AppendEntriesRequest /\ ~TermIsStale(m.to, m) =>
    \A index \in Max(1, m.prevLogIndex) .. Min(LastIndexOf(m), snapshotIndex[m.to]) :
      SaysTermOf(m, index) = TermAt(log[m.to], index)

CompactedEntriesAgree == \A m \in messages : AgreesWithCompacted(m)

\* What a snapshot includes is committed, by whichever leader: nothing that may still be
\* overwritten is beyond recall.
SnapshotIsCommittedOf(s) == snapshotIndex[s] <= Len(committed)

SnapshotIsCommitted == \A s \in Server : SnapshotIsCommittedOf(s)

\* The commit index, what is applied and the snapshot grow, except that a restart takes the
\* first two back to the snapshot.
ReturnsToSnapshot(s) ==
  /\ role'[s] = Follower
  /\ commitIndex'[s] = snapshotIndex[s] /\ lastApplied'[s] = snapshotIndex[s]

SnapshotIndexGrowsStep == \A s \in Server : snapshotIndex'[s] >= snapshotIndex[s]

CommitIndexGrowsOrReturnsStep ==
  \A s \in Server : commitIndex'[s] >= commitIndex[s] \/ ReturnsToSnapshot(s)

LastAppliedGrowsOrReturnsStep ==
  \A s \in Server : lastApplied'[s] >= lastApplied[s] \/ ReturnsToSnapshot(s)

SnapshotGrowsStep ==
  SnapshotIndexGrowsStep /\ CommitIndexGrowsOrReturnsStep /\ LastAppliedGrowsOrReturnsStep

SnapshotGrows == [][SnapshotGrowsStep]_<<vars, snapshotIndex>>

=============================================================================

------------------------------ MODULE TraceRaft -----------------------------
(***************************************************************************)
(* Raft, with snapshots and reads, constrained by recorded traces.  Every  *)
(* step takes the one action that the next event names, with the event's   *)
(* parameters, and compares what the action does with what the event       *)
(* logged: the messages sent, and the acting server's variables.  What is  *)
(* not logged, the action computes.                                        *)
(*                                                                         *)
(* For every trace TLC prints one verdict, and the trace ends there:       *)
(*   DONE         every event is a step that keeps every property          *)
(*   NOT_ENABLED  the action was not possible: the guards, true or not     *)
(*   NOT_SENT     nobody sent the message that the event received          *)
(*   MISMATCH     the action does something else: expected and logged      *)
(*   VIOLATED     the step is one of the spec and breaks these properties  *)
(*                                                                         *)
(* An action with its parameters has one outcome, so a behaviour is a      *)
(* trace: the number of states is known beforehand, and whoever runs TLC   *)
(* compares.                                                               *)
(***************************************************************************)
EXTENDS RaftSnapshots, RaftReads, TraceData, TLC

CONSTANT
  \* TRUE: evaluate every property in full on every step.  FALSE: only where the step
  \* changed what the property talks about, which is the same and is not slower the
  \* longer the trace.
  WholeProperties

VARIABLES
  trace,     \* which trace this is
  position,  \* how many of its events are taken
  sent       \* the messages that the last step sent

Event == EventAt(trace, position + 1)

-----------------------------------------------------------------------------
(***************************************************************************)
(* What the .cfg puts in place of operators of Raft and its modules        *)
(***************************************************************************)

\* Commands are numbers here, and NoOp is 0.
AnyCommand == Nat \ {0}

\* For Send: a message stays until its last receipt in the trace, so that the cost of a
\* step does not grow with the messages sent so far.
SendAndForget(new) ==
  LET e         == Event
      forgotten == IF e.isLast THEN {e.received[1]} ELSE {}
  IN  /\ sent' = new
      /\ messages' = IF e.isLast \/ e.kept # {}
                     THEN (messages \ forgotten) \cup (new \cap e.kept)
                     ELSE messages

\* For RequestTypes.
AllRequestTypes ==
  {RequestVoteRequest, AppendEntriesRequest, InstallSnapshotRequest, ConfirmLeadershipRequest}

\* For EntriesIncluded and LogOfSnapshot: a trace has no snapshot's state, and a message here
\* has not the entries that made it.  They are those that are committed, since whoever sent
\* the snapshot had applied them: StateMachineSafety held when it did.
NoEntries(s) == <<>>
CommittedEntries(m) == [index \in 1 .. m.lastIncludedIndex |-> committed[index].entry]

\* For CommittedAfter, which lists all that is committed: here what is committed already stays
\* the same value wherever nothing in it changes, so that a commit costs what it adds, and
\* what is long committed is not looked at again.
\*
\* The commit of a leader lowers the terms at all indexes up to its own to the leader's, where
\* they are larger.  So terms in `committed` never decrease from an index to the next: every
\* commit that reached the next one reached this one as well, and a new entry comes last, in a
\* term that all before it were just lowered to.  Where the last of the entries to be lowered
\* is of no larger term, none of them is.
CommittedInPlace(s, index) ==
  LET known     == Len(committed)
      isInPlace == known = 0 \/ committed[Min(known, index)].term <= currentTerm[s]
      lowered   == IF isInPlace /\ ~WholeProperties THEN committed
                   ELSE [i \in 1 .. known |->
                           IF i <= index THEN [committed[i] EXCEPT !.term = Min(@, currentTerm[s])]
                                         ELSE committed[i]]
  IN  lowered \o [i \in 1 .. (index - known) |->
                    [term |-> currentTerm[s], entry |-> log[s][known + i]]]

\* For AnsweredAfter: only the latest answer can break what reads promise, and the cost of a
\* step does not grow with the reads answered so far.
LatestAnswer(s, read) ==
  {[committedBefore |-> read.committedBefore, lastApplied |-> lastApplied[s]]}

\* The peer whose nextIndex the event may change.
PeerOf(e) == IF e.received = <<>> THEN e.to ELSE e.received[1].from

\* The nextIndex that the trace has for the peer after the event.
LoggedNextIndexOf(e, s, peer) ==
  IF e.nextIndex # <<>> /\ peer \in DOMAIN e.nextIndex[1] THEN e.nextIndex[1][peer]
                                                           ELSE nextIndex[s][peer]

\* The values of nextIndex that Raft allows.  While MatchIndexIsTrue holds, match is in the
\* log.  Where it is not, since a rule is forgotten, there is no such value: then the step is
\* judged by the properties that it breaks, and not by this.
IsNextIndexChoice(s, match, next) ==
  match <= LastIndex(s) => next \in (match + 1) .. (LastIndex(s) + 1)

\* For NextIndexChoices: of the values that Raft allows the one that was logged; any one
\* where the trace does not log it, since no guard reads it.
LoggedNextIndex(s, match) ==
  IF "nextIndex" \in LoggedVariables(trace, s)
  THEN LET next == LoggedNextIndexOf(Event, s, PeerOf(Event))
       IN  IF IsNextIndexChoice(s, match, next) THEN {next} ELSE {}
  ELSE {match + 1}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The action that an event names                                          *)
(***************************************************************************)

\* A step of Raft leaves the snapshot, and ends a leader's reads where it ends its leadership.
Besides(s) == UNCHANGED snapshotIndex /\ ReadsEndWithRole(s)

\* The reads at s for which the event stands.  Of those that wait for the same the one that
\* was asked last must see the most.
ReadsNamed(e, s) == {read \in reads[s] : read.round = e.readRound /\ read.index = e.index}

MostDemanding(some) ==
  {read \in some : \A other \in some : other.committedBefore <= read.committedBefore}

Take(e, s) ==
  CASE e.action = "SendAppendEntries" ->
         SendEntriesAfterSnapshot(s, e.to, e.prevLogIndex, e.count) /\ UNCHANGED readVars
    [] e.action = "HandleAppendEntriesRequest" ->
         HandleAppendEntriesRequest(s, e.received[1]) /\ Besides(s)
    [] e.action = "HandleAppendEntriesResponse" ->
         HandleAppendEntriesResponse(s, e.received[1]) /\ Besides(s)
    [] e.action = "Apply" -> Apply(s, e.index) /\ Besides(s)
    [] e.action = "AdvanceCommitIndex" -> AdvanceCommitIndex(s, e.index) /\ Besides(s)
    [] e.action = "ClientRequest" -> ClientRequest(s, e.command) /\ Besides(s)
    [] e.action = "HandleRequestVoteRequest" ->
         HandleRequestVoteRequest(s, e.received[1]) /\ Besides(s)
    [] e.action = "HandleRequestVoteResponse" ->
         HandleRequestVoteResponse(s, e.received[1]) /\ Besides(s)
    [] e.action = "Timeout" -> Timeout(s) /\ Besides(s)
    [] e.action = "BecomeLeader" -> BecomeLeader(s) /\ Besides(s)
    [] e.action = "AppendNoOp" -> AppendNoOp(s) /\ Besides(s)
    [] e.action = "Restart" -> RestartFromSnapshot(s) /\ ReadsEndWithRole(s)
    [] e.action = "CompactLog" -> CompactLog(s, e.index) /\ UNCHANGED readVars
    [] e.action = "SendInstallSnapshot" -> SendInstallSnapshot(s, e.to) /\ UNCHANGED readVars
    [] e.action = "HandleInstallSnapshotRequest" ->
         HandleInstallSnapshotRequest(s, e.received[1]) /\ ReadsEndWithRole(s)
    [] e.action = "ReadRequest" -> ReadRequest(s) /\ UNCHANGED snapshotIndex
    [] e.action = "ConfirmLeadership" -> ConfirmLeadership(s) /\ UNCHANGED snapshotIndex
    [] e.action = "HandleConfirmLeadershipRequest" ->
         HandleConfirmLeadershipRequest(s, e.received[1]) /\ UNCHANGED snapshotIndex
    [] e.action = "HandleConfirmLeadershipResponse" ->
         HandleConfirmLeadershipResponse(s, e.received[1]) /\ UNCHANGED snapshotIndex
    [] e.action = "AnswerRead" ->
         /\ \E read \in MostDemanding(ReadsNamed(e, s)) : AnswerRead(s, read)
         /\ UNCHANGED snapshotIndex

\* What may be in the way of an action: <<guard, holds, expected, actual>>, with the names
\* of the rules.  It explains an action that TLC found impossible, and decides nothing.
RoleGuard(s, wanted) == <<"role", role[s] = wanted, wanted, role[s]>>

IndexGuard(first, index, s) ==
  <<"index", index \in first .. LastIndex(s), <<first, LastIndex(s)>>, index>>

ReceiptGuards(s, m, type) ==
  << <<"CanReceive", CanReceive(m), "", "">>,
     <<"type", m.type = type, type, m.type>>,
     <<"to", m.to = s, s, m.to>> >>

NextIndexGuards(e, s, match) ==
  IF "nextIndex" \in LoggedVariables(trace, s)
  THEN LET next == LoggedNextIndexOf(e, s, PeerOf(e))
       IN  << <<"NextIndexChoices", IsNextIndexChoice(s, match, next),
                <<match + 1, LastIndex(s) + 1>>, next>> >>
  ELSE <<>>

MatchAfterResponse(s, m) ==
  IF IsAcknowledgement(m) THEN MatchIndexAfter(s, m) ELSE matchIndex[s][m.from]

Guards(e, s) ==
  CASE e.action = "Timeout" ->
         << <<"role", role[s] # Leader, <<Follower, Candidate>>, role[s]>> >>
    [] e.action = "HandleRequestVoteRequest" ->
         ReceiptGuards(s, e.received[1], RequestVoteRequest)
    [] e.action = "HandleRequestVoteResponse" ->
         ReceiptGuards(s, e.received[1], RequestVoteResponse)
    [] e.action = "BecomeLeader" ->
         << RoleGuard(s, Candidate),
            <<"IsMajority", IsMajority(votesGranted[s]), Server, votesGranted[s]>> >>
    [] e.action = "ClientRequest" ->
         << <<"TakesCommands", TakesCommands(s), Leader, role[s]>> >>
    [] e.action = "AppendNoOp" ->
         << RoleGuard(s, Leader),
            <<"LastTerm", LastTerm(s) # currentTerm[s], "", LastTerm(s)>> >>
    [] e.action = "SendAppendEntries" ->
         << RoleGuard(s, Leader),
            <<"to", e.to \in Peers(s), Peers(s), e.to>>,
            <<"prevLogIndex", e.prevLogIndex + e.count <= LastIndex(s), LastIndex(s),
              e.prevLogIndex + e.count>>,
            <<"snapshotIndex", e.prevLogIndex >= snapshotIndex[s], snapshotIndex[s],
              e.prevLogIndex>> >>
         \o IF role[s] = Leader /\ e.to \in Peers(s)
            THEN NextIndexGuards(e, s, matchIndex[s][e.to])
            ELSE <<>>
    [] e.action = "HandleAppendEntriesRequest" ->
         ReceiptGuards(s, e.received[1], AppendEntriesRequest)
         \o << <<"MayBeOverwritten", MayBeOverwritten(s, e.received[1]),
                 currentTerm[s] + 1, e.received[1].term>> >>
    [] e.action = "HandleAppendEntriesResponse" ->
         ReceiptGuards(s, e.received[1], AppendEntriesResponse)
         \o IF role[s] = Leader /\ e.received[1].type = AppendEntriesResponse
            THEN NextIndexGuards(e, s, MatchAfterResponse(s, e.received[1]))
            ELSE <<>>
    [] e.action = "AdvanceCommitIndex" ->
         << RoleGuard(s, Leader), IndexGuard(commitIndex[s] + 1, e.index, s) >>
         \o IF role[s] = Leader /\ e.index \in 1 .. LastIndex(s)
            THEN << <<"IsMajority", IsMajority(HoldersOf(s, e.index)), Server,
                      HoldersOf(s, e.index)>>,
                    <<"EntryIsOfThisTerm", EntryIsOfThisTerm(s, e.index), currentTerm[s],
                      TermAt(log[s], e.index)>> >>
            ELSE <<>>
    [] e.action = "Apply" ->
         << IndexGuard(lastApplied[s] + 1, e.index, s),
            <<"MayApply", MayApply(s, e.index), commitIndex[s], e.index>> >>
    [] e.action = "CompactLog" ->
         << IndexGuard(snapshotIndex[s] + 1, e.index, s),
            <<"MayCompact", MayCompact(s, e.index), lastApplied[s], e.index>> >>
    [] e.action = "SendInstallSnapshot" ->
         << RoleGuard(s, Leader),
            <<"to", e.to \in Peers(s), Peers(s), e.to>>,
            <<"snapshotIndex", snapshotIndex[s] > 0, 1, snapshotIndex[s]>> >>
         \o IF role[s] = Leader /\ e.to \in Peers(s)
            THEN NextIndexGuards(e, s, matchIndex[s][e.to])
            ELSE <<>>
    [] e.action = "HandleInstallSnapshotRequest" ->
         ReceiptGuards(s, e.received[1], InstallSnapshotRequest)
         \o << <<"MayBeOverwritten", MayBeOverwritten(s, e.received[1]),
                 currentTerm[s] + 1, e.received[1].term>> >>
    [] e.action = "ReadRequest" ->
         << RoleGuard(s, Leader),
            <<"HasCommittedInTerm", HasCommittedInTerm(s), currentTerm[s],
              TermAt(log[s], commitIndex[s])>> >>
    [] e.action = "ConfirmLeadership" -> << RoleGuard(s, Leader) >>
    [] e.action = "HandleConfirmLeadershipRequest" ->
         ReceiptGuards(s, e.received[1], ConfirmLeadershipRequest)
         \o << <<"MayBeOverwritten", MayBeOverwritten(s, e.received[1]),
                 currentTerm[s] + 1, e.received[1].term>> >>
    [] e.action = "HandleConfirmLeadershipResponse" ->
         ReceiptGuards(s, e.received[1], ConfirmLeadershipResponse)
    [] e.action = "AnswerRead" ->
         LET asked == [round |-> e.readRound, index |-> e.index]
         IN  << RoleGuard(s, Leader),
                <<"reads", ReadsNamed(e, s) # {},
                  {[round |-> read.round, index |-> read.index] : read \in reads[s]}, asked>>,
                <<"ConfirmersOf", IsMajority(ConfirmersOf(s, asked)), Server,
                  ConfirmersOf(s, asked)>>,
                <<"MayAnswer", MayAnswer(s, asked), e.index, lastApplied[s]>> >>
    [] OTHER -> <<>>

\* What the rules that decide an action said, to explain a step that went another way.
Decisions(e, s) ==
  CASE e.action = "HandleRequestVoteRequest" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"TermIsStale", TermIsStale(s, m)>>,
                <<"VoteIsFree", VoteIsFree(s, m, VoteAfter(s, m))>>,
                <<"LogIsUpToDate", LogIsUpToDate(s, m)>> >>
    [] e.action = "HandleRequestVoteResponse" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"VoteIsOfThisTerm", VoteIsOfThisTerm(s, m)>>,
                <<"VoteIsGranted", VoteIsGranted(m)>> >>
    [] e.action = "HandleAppendEntriesRequest" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"TermIsStale", TermIsStale(s, m)>>,
                <<"PreviousEntryExists", PreviousEntryExists(s, m)>>,
                <<"PreviousTermMatches", PreviousTermMatches(s, m)>>,
                <<"EntriesAgree", EntriesAgree(s, m)>> >>
    [] e.action = "HandleAppendEntriesResponse" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"ResponseIsOfThisTerm", ResponseIsOfThisTerm(s, m)>>,
                <<"IsAcknowledgement", IsAcknowledgement(m)>> >>
    [] e.action = "HandleInstallSnapshotRequest" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"TermIsStale", TermIsStale(s, m)>>,
                <<"SnapshotIsNews", SnapshotIsNews(s, m)>>,
                <<"SnapshotMatchesLog", SnapshotMatchesLog(s, m)>> >>
    [] e.action = "HandleConfirmLeadershipRequest" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"TermIsStale", TermIsStale(s, m)>> >>
    [] e.action = "HandleConfirmLeadershipResponse" ->
         LET m == e.received[1]
         IN  << <<"TermIsLarger", TermIsLarger(s, m)>>,
                <<"ConfirmationIsOfThisTerm", ConfirmationIsOfThisTerm(s, m)>> >>
    [] OTHER -> <<>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* What the event logged, held against what the action did                 *)
(***************************************************************************)

\* A variable after the step by the trace, where its value was `former`.
After(change, former) == IF change = <<>> THEN former ELSE change[1]

\* The same of one that has a value for each peer.
AfterForPeers(change, former, peers) ==
  [p \in peers |-> IF change # <<>> /\ p \in DOMAIN change[1] THEN change[1][p]
                                                              ELSE former[p]]

ForPeers(values, peers) == [p \in peers |-> values[p]]

\* The same of the log, which was `former` and is `expected` by the spec.  What a snapshot
\* stands for, up to `included`, no trace has: there the spec is taken at its word.  Where a
\* change begins past the log's end, what the trace owes is shown as one entry of term 0,
\* which no log has.
LogAfterChange(change, former, expected, included) ==
  IF change = <<>> THEN former
  ELSE IF included > 0 /\ change[1] = included + 1 /\ Len(expected) >= included
  THEN SubSeq(expected, 1, included) \o change[2]
  ELSE IF change[1] > Len(former) + 1
  THEN Append(former, [term |-> 0, command |-> NoOp]) \o change[2]
  ELSE SubSeq(former, 1, change[1] - 1) \o change[2]

\* <<name, expected by the spec, logged>> of one variable; nothing where it is not logged.
Compare(logged, name, expected, actual) ==
  IF name \in logged THEN << <<name, expected, actual>> >> ELSE <<>>

\* The same of a variable that was `former`, and that the event logs a change of.  Most are left
\* alone, by the spec and by the trace: then both sides are `former`.
CompareChange(logged, name, change, former, expected) ==
  IF change = <<>> /\ expected = former THEN <<>>
  ELSE Compare(logged, name, expected, After(change, former))

\* The same of one that has a value for each peer.
CompareForPeers(logged, name, change, former, expected, peers) ==
  IF change = <<>> /\ expected = former THEN <<>>
  ELSE Compare(logged, name, ForPeers(expected, peers), AfterForPeers(change, former, peers))

CompareLog(e, s, logged) ==
  IF e.log = <<>> /\ log'[s] = log[s] THEN <<>>
  ELSE Compare(logged, "log", log'[s],
               LogAfterChange(e.log, log[s], log'[s], After(e.snapshotIndex, snapshotIndex[s])))

Comparisons(e, s) ==
  LET logged == LoggedVariables(trace, s)
  IN  << <<"sent", sent', e.sent>> >>
      \o CompareChange(logged, "currentTerm", e.currentTerm, currentTerm[s], currentTerm'[s])
      \o CompareChange(logged, "votedFor", e.votedFor, votedFor[s], votedFor'[s])
      \o CompareLog(e, s, logged)
      \o CompareChange(logged, "snapshotIndex", e.snapshotIndex, snapshotIndex[s],
                       snapshotIndex'[s])
      \o CompareChange(logged, "role", e.role, role[s], role'[s])
      \o CompareChange(logged, "commitIndex", e.commitIndex, commitIndex[s], commitIndex'[s])
      \o CompareChange(logged, "lastApplied", e.lastApplied, lastApplied[s], lastApplied'[s])
      \o IF role'[s] = Candidate
         THEN CompareChange(logged, "votesGranted", e.votesGranted, votesGranted[s],
                            votesGranted'[s])
         ELSE IF role'[s] = Leader
         THEN CompareForPeers(logged, "nextIndex", e.nextIndex, nextIndex[s], nextIndex'[s],
                              Peers(s))
              \o CompareForPeers(logged, "matchIndex", e.matchIndex, matchIndex[s],
                                 matchIndex'[s], Peers(s))
              \o CompareChange(logged, "round", e.round, round[s], round'[s])
              \o CompareForPeers(logged, "confirmedRound", e.confirmedRound, confirmedRound[s],
                                 confirmedRound'[s], Peers(s))
              \o IF e.action = "ReadRequest"
                 THEN << <<"read", [round |-> RoundOfRead(s), index |-> IndexOfRead(s)],
                           [round |-> e.readRound, index |-> e.index]>> >>
                 ELSE <<>>
         ELSE <<>>

Differences(e, s) ==
  SelectSeq(Comparisons(e, s), LAMBDA comparison : comparison[2] # comparison[3])

-----------------------------------------------------------------------------
(***************************************************************************)
(* The properties                                                          *)
(*                                                                         *)
(* Each is written twice: whole, as the modules have it; and for a step    *)
(* of s from a state in which all of them hold, where only what s changed  *)
(* can break it.  <<name, holds>>.                                         *)
(***************************************************************************)

AnyMessageTypeOK(m) ==
  IF m.type = InstallSnapshotRequest THEN SnapshotMessageTypeOK(m)
  ELSE IF m.type \in {ConfirmLeadershipRequest, ConfirmLeadershipResponse}
  THEN ReadMessageTypeOK(m)
  ELSE MessageTypeOK(m)

WholeTypes == << <<"TypeOK",
                   /\ \A m \in messages' : AnyMessageTypeOK(m)
                   /\ \A s \in Server : ServerTypeOK(s)'
                   /\ HistoryTypeOK'
                   /\ SnapshotsTypeOK'
                   /\ ReadsTypeOK'>>,
                 <<"CommitIndexWithinLog", CommitIndexWithinLog'>> >>

WholeOthers ==
  << <<"ElectionSafety", ElectionSafety'>>,
     <<"LogMatching", LogMatching'>>,
     <<"LeaderCompleteness", LeaderCompleteness'>>,
     <<"StateMachineSafety", StateMachineSafety'>>,
     <<"AppliedEntriesAgree", AppliedEntriesAgree'>>,
     <<"LeaderVotedForItself", LeaderVotedForItself'>>,
     <<"CommittedOnMajority", CommittedOnMajority'>>,
     <<"AppliedIsCommitted", AppliedIsCommitted'>>,
     <<"MatchIndexIsTrue", MatchIndexIsTrue'>>,
     <<"NextIndexAboveMatchIndex", NextIndexAboveMatchIndex'>>,
     <<"LeaderAppendOnly", LeaderAppendOnlyStep>>,
     <<"OneVoteATerm", OneVoteATermStep>>,
     <<"TermGrows", TermGrowsStep>>,
     <<"TermsBeginWithElections", TermsBeginWithElectionsStep>>,
     <<"FollowersIssueNoRequests", FollowersIssueNoRequestsStep>>,
     <<"OnlyOwnTermIsCounted", OnlyOwnTermIsCountedStep>>,
     <<"CommitIndexGrows", CommitIndexGrowsOrReturnsStep>>,
     <<"LastAppliedGrows", LastAppliedGrowsOrReturnsStep>>,
     <<"MatchIndexGrows", MatchIndexGrowsStep>>,
     <<"SnapshotIsApplied", SnapshotIsApplied'>>,
     <<"SnapshotIsCommitted", SnapshotIsCommitted'>>,
     <<"CompactedEntriesAgree", CompactedEntriesAgree'>>,
     <<"SnapshotIndexGrows", SnapshotIndexGrowsStep>>,
     <<"ReadsSeeWhatWasCommitted", ReadsSeeWhatWasCommitted'>>,
     <<"OnlyLeadersHaveReads", OnlyLeadersHaveReads'>> >>

\* How many entries, from the first, two sequences have in common: a search by halves,
\* where they are known to have `low` in common and not more than `high`.
RECURSIVE CommonPrefix(_, _, _, _)
CommonPrefix(a, b, low, high) ==
  IF low = high THEN low
  ELSE LET middle == (low + high + 1) \div 2
       IN  IF SubSeq(a, 1, middle) = SubSeq(b, 1, middle)
           THEN CommonPrefix(a, b, middle, high)
           ELSE CommonPrefix(a, b, low, middle - 1)

\* The first index at which `new` differs from `old`; the one after them where it does not.
FirstDifference(old, new) ==
  IF Len(old) <= Len(new) /\ SubSeq(new, 1, Len(old)) = old THEN Len(old) + 1
  ELSE 1 + CommonPrefix(old, new, 0, Min(Len(old), Len(new)))

\* The types of what the step of s made.
IncrementalTypes(s) ==
  << <<"TypeOK",
       /\ \A m \in sent' : AnyMessageTypeOK(m)
       /\ ServerTypeOKButEntries(s)'
       /\ SnapshotTypeOKOf(s)'
       /\ \/ reads' # reads \/ round' # round \/ confirmedRound' # confirmedRound
          \/ commitIndex'[s] < commitIndex[s]
          => ReadsTypeOKOf(s)'
       /\ log'[s] # log[s] =>
            \A index \in FirstDifference(log[s], log'[s]) .. Len(log'[s]) :
              log'[s][index] \in Entry
       /\ elections' # elections =>
            \A election \in elections' \ elections :
              election.term \in Nat /\ election.leader \in Server
       /\ committed' # committed =>
            \A index \in FirstDifference(committed, committed') .. Len(committed') :
              committed'[index].term \in Nat /\ committed'[index].entry \in Entry>>,
     <<"CommitIndexWithinLog",
       commitIndex' # commitIndex \/ log' # log => CommitIndexWithinLog'>> >>

IncrementalOthers(s) ==
  LET termChanged      == currentTerm'[s] # currentTerm[s]
      voteChanged      == votedFor'[s] # votedFor[s]
      roleChanged      == role'[s] # role[s]
      commitChanged    == commitIndex'[s] # commitIndex[s]
      appliedChanged   == lastApplied'[s] # lastApplied[s]
      matchChanged     == matchIndex'[s] # matchIndex[s]
      logChanged       == log'[s] # log[s]
      committedChanged == committed' # committed
      \* From these indexes on the log of s, and what is committed, are not as before.
      logFrom       == IF logChanged THEN FirstDifference(log[s], log'[s])
                       ELSE Len(log[s]) + 1
      committedFrom == IF committedChanged THEN FirstDifference(committed, committed')
                       ELSE Len(committed) + 1
  IN  << <<"ElectionSafety",
           elections' # elections =>
             \A e \in elections' \ elections : \A p \in Server :
               [term |-> e.term, leader |-> p] \in elections' => p = e.leader>>,
         <<"LogMatching",
           logChanged =>
             \A p \in Peers(s) : \A index \in logFrom .. CommonLength(s, p)' :
               EntriesMatch(s, p, index)'>>,
         <<"LeaderCompleteness",
           /\ IF roleChanged \/ termChanged THEN LeaderIsComplete(s)'
              ELSE logChanged /\ role'[s] = Leader =>
                     \A index \in logFrom .. Len(committed') : LeaderHolds(s, index)'
           /\ committedChanged =>
                \A leader \in Server : role'[leader] = Leader =>
                  \A index \in committedFrom .. Len(committed') : LeaderHolds(leader, index)'>>,
         <<"StateMachineSafety",
           /\ commitChanged => commitIndex'[s] <= Len(committed')
           /\ commitChanged \/ logChanged =>
                \A index \in Min(logFrom, commitIndex[s] + 1) .. commitIndex'[s] :
                  HoldsCommitted(s, index)'
           /\ committedChanged =>
                \A p \in Server :
                  /\ commitIndex'[p] <= Len(committed')
                  /\ \A index \in committedFrom .. commitIndex'[p] :
                       HoldsCommitted(p, index)'>>,
         <<"AppliedEntriesAgree",
           appliedChanged \/ logChanged =>
             \A p \in Peers(s) :
               \A index \in Min(logFrom, lastApplied[s] + 1) ..
                            Min(CommonLength(s, p)', Min(lastApplied'[s], lastApplied'[p])) :
                 log'[s][index] = log'[p][index]>>,
         <<"LeaderVotedForItself", roleChanged \/ voteChanged => LeaderVotedForItself'>>,
         <<"CommittedOnMajority",
           logChanged \/ committedChanged =>
             \A index \in Min(logFrom, committedFrom) .. Len(committed') :
               EntryIsOnMajority(index)'>>,
         <<"AppliedIsCommitted", commitChanged \/ appliedChanged => AppliedIsCommitted'>>,
         <<"MatchIndexIsTrue",
           \* Of s as a leader, and as a peer of which others take something for true.
           /\ logChanged \/ termChanged \/ roleChanged \/ matchChanged => MatchIndexIsTrueOf(s)'
           /\ logChanged \/ termChanged => \A leader \in Peers(s) : MatchIndexIsTrueOf(leader)'>>,
         <<"NextIndexAboveMatchIndex",
           logChanged \/ roleChanged \/ matchChanged \/ nextIndex' # nextIndex =>
             NextIndexAboveMatchIndexOf(s)'>>,
         <<"LeaderAppendOnly", logChanged => LeaderAppendOnlyStep>>,
         <<"OneVoteATerm", voteChanged => OneVoteATermStep>>,
         <<"TermGrows", termChanged => TermGrowsStep>>,
         <<"TermsBeginWithElections", termChanged => TermsBeginWithElectionsStep>>,
         <<"FollowersIssueNoRequests",
           role'[s] = Follower
             /\ (\E m \in sent' : m.type \in RequestTypes) =>
               FollowersIssueNoRequestsStep>>,
         <<"OnlyOwnTermIsCounted", commitChanged => OnlyOwnTermIsCountedStep>>,
         <<"CommitIndexGrows", commitChanged => CommitIndexGrowsOrReturnsStep>>,
         <<"LastAppliedGrows", appliedChanged => LastAppliedGrowsOrReturnsStep>>,
         <<"MatchIndexGrows", matchChanged => MatchIndexGrowsStep>> >>

\* Whether a step of s has to do with snapshots or reads.  Most have not, in a trace without
\* them none, and then these properties need not be looked at.
ConcernsSnapshotsOrReads(s) ==
  \/ snapshotIndex[s] > 0 \/ snapshotIndex'[s] > 0
  \/ reads'[s] # {} \/ round'[s] > 0 \/ answered' # answered
  \/ \E m \in sent' : snapshotIndex[m.to] > 0

IncrementalExtensions(s) ==
  LET snapshotChanged == snapshotIndex'[s] # snapshotIndex[s]
      \* What messages say of forgotten entries is looked at again where other entries are
      \* forgotten, a forgotten one is not as before, or a message is no longer stale.
      isToldOtherwise ==
        \/ snapshotChanged
        \/ currentTerm'[s] < currentTerm[s]
        \/ log'[s] # log[s] /\ FirstDifference(log[s], log'[s]) <= snapshotIndex'[s]
  IN  << <<"SnapshotIsApplied", SnapshotIsAppliedOf(s)'>>,
         <<"SnapshotIsCommitted", snapshotChanged => SnapshotIsCommittedOf(s)'>>,
         <<"CompactedEntriesAgree",
           /\ isToldOtherwise =>
                \A m \in messages' : m.to = s => AgreesWithCompacted(m)'
           /\ \A m \in sent' :
                m.type = AppendEntriesRequest /\ m \in messages' => AgreesWithCompacted(m)'>>,
         <<"SnapshotIndexGrows", snapshotChanged => SnapshotIndexGrowsStep>>,
         <<"ReadsSeeWhatWasCommitted", \A read \in answered' : SeesWhatWasCommitted(read)>>,
         <<"OnlyLeadersHaveReads", HasReadsAsLeader(s)'>> >>

\* Those that fail.  Types come first, since the others may have no value where one of
\* those is broken.
Failing(types, others) ==
  LET Fails(property) == ~property[2]
      failing         == SelectSeq(types, Fails)
  IN  IF failing # <<>> THEN failing ELSE SelectSeq(others, Fails)

WholeBroken == Failing(WholeTypes, WholeOthers)
IncrementalBroken(s) ==
  Failing(IncrementalTypes(s),
          IncrementalOthers(s)
          \o IF ConcernsSnapshotsOrReads(s) THEN IncrementalExtensions(s) ELSE <<>>)

\* The properties that the step of s breaks.
Broken(s) == IF WholeProperties THEN WholeBroken ELSE IncrementalBroken(s)

-----------------------------------------------------------------------------
(***************************************************************************)
(* Steps and verdicts                                                      *)
(***************************************************************************)

Verdict(kind, findings, decisions) ==
  PrintT(<<"verdict", trace, position + 1, kind, findings, decisions>>)

\* TLC evaluates from left to right: the register tells the second disjunct of Step
\* whether the action of the first was possible.  Each worker has registers of its own.
ActionWasPossible == 1

\* A step that was taken is kept where it is as logged and breaks nothing.
StepIsRight(e, s) ==
  LET differences == Differences(e, s)
  IN  IF differences # <<>> THEN Verdict("MISMATCH", differences, Decisions(e, s)) /\ FALSE
      ELSE LET broken == Broken(s)
           IN  IF broken # <<>> THEN Verdict("VIOLATED", broken, <<>>) /\ FALSE
               ELSE position + 1 = TraceLength(trace) => Verdict("DONE", <<>>, <<>>)

Step(e, s) ==
  IF e.notSent THEN Verdict("NOT_SENT", <<>>, <<>>) /\ FALSE
  ELSE \/ /\ TLCSet(ActionWasPossible, FALSE)
          /\ Take(e, s)
          /\ TLCSet(ActionWasPossible, TRUE)
          /\ trace' = trace
          /\ position' = position + 1
          /\ StepIsRight(e, s)
       \/ /\ ~TLCGet(ActionWasPossible)
          /\ Verdict("NOT_ENABLED", Guards(e, s), <<>>)
          /\ FALSE

ProtocolInit == Init /\ SnapshotsInit /\ ReadsInit

TraceInit ==
  /\ trace \in 1 .. TraceCount
  /\ position = 0
  /\ sent = {}
  /\ ProtocolInit

TraceNext ==
  /\ position < TraceLength(trace)
  /\ \E e \in {Event} : \E s \in {e.server} : Step(e, s)

\* A state is known by its place in its trace, for TLC to tell states apart by.
Place == <<trace, position>>

=============================================================================

--------------------------- MODULE TraceDiagnosis ---------------------------
(***************************************************************************)
(* What helps to understand a trace and decides nothing: what the rules    *)
(* answered on each of its steps, so that a set of traces can be asked how *)
(* much it tried; and the forgotten rules, each of which may explain a     *)
(* step that Raft does not allow.                                          *)
(***************************************************************************)
EXTENDS TraceRaft, ForgottenRules, ForgottenSnapshotRules, ForgottenReadRules

\* The properties that fail, types left out.  They are asked where a type has failed already,
\* and may then have no value.
BrokenBesidesTypes ==
  LET Fails(property) == ~property[2]
  IN  SelectSeq(WholeOthers, Fails)

\* Whether an index beyond the commit index is held by a majority, and its entry is of
\* an earlier term: what Figure 8 is about.
WaitsForItsOwnTerm(s) ==
  \E index \in (commitIndex[s] + 1) .. LastIndex(s) :
    IsMajority(HoldersOf(s, index)) /\ ~EntryIsOfThisTerm(s, index)

\* What the adoption of a larger term changed, where it was adopted.
LargerTermAnswers(s, m) ==
  << <<"TermIsLarger", TermIsLarger(s, m)>> >>
  \o IF TermIsLarger(s, m)
     THEN << <<"RoleInLargerTerm", role[s] # Follower>>,
             <<"VoteInLargerTerm", votedFor[s] # Nil>> >>
     ELSE <<>>

VoteRequestAnswers(s, m) ==
  LargerTermAnswers(s, m)
  \o << <<"TermIsStale", TermIsStale(s, m)>> >>
  \o IF TermIsStale(s, m) THEN <<>>
     ELSE << <<"VoteIsFree", VoteIsFree(s, m, VoteAfter(s, m))>>,
             <<"LogIsUpToDate", LogIsUpToDate(s, m)>>,
             <<"LastTermsDiffer", LastTermsDiffer(s, m)>> >>
          \o IF LastTermsDiffer(s, m) THEN <<>>
             ELSE << <<"LogIsAtLeastAsLong", LogIsAtLeastAsLong(s, m)>> >>

VoteResponseAnswers(s, m) ==
  LargerTermAnswers(s, m)
  \o IF TermIsLarger(s, m) \/ role[s] # Candidate THEN <<>>
     ELSE << <<"VoteIsOfThisTerm", VoteIsOfThisTerm(s, m)>>,
             <<"VoteIsGranted", VoteIsGranted(m)>>,
             <<"IsMajority", IsMajority(votesGranted'[s])>> >>

EntriesMatchAnswers(s, m) ==
  << <<"PreviousEntryExists", PreviousEntryExists(s, m)>> >>
  \o IF ~PreviousEntryExists(s, m) THEN <<>>
     ELSE << <<"PreviousTermMatches", PreviousTermMatches(s, m)>> >>
          \o IF ~PreviousTermMatches(s, m) THEN <<>>
             ELSE << <<"EntriesAgree", EntriesAgree(s, m)>>,
                     <<"LogBeforeConflict", ~EntriesAgree(s, m)>>,
                     <<"AcknowledgedIndex", LastIndexOf(m) < LastIndex(s)>>,
                     <<"CommitIndexWithin", m.leaderCommit > LastIndexOf(m)>>,
                     <<"CommitIndexAfter", CommitIndexWithin(s, m) < commitIndex[s]>> >>

EntriesRequestAnswers(s, m) ==
  LargerTermAnswers(s, m)
  \o << <<"TermIsStale", TermIsStale(s, m)>>,
         <<"MayBeOverwritten", MayBeOverwritten(s, m)>> >>
  \o IF TermIsStale(s, m) THEN <<>>
     ELSE << <<"RoleUnderLeader", role[s] = Candidate /\ ~TermIsLarger(s, m)>> >>
          \o EntriesMatchAnswers(s, m)

EntriesResponseAnswers(s, m) ==
  LargerTermAnswers(s, m)
  \o IF TermIsLarger(s, m) \/ role[s] # Leader THEN <<>>
     ELSE << <<"ResponseIsOfThisTerm", ResponseIsOfThisTerm(s, m)>>,
             <<"IsAcknowledgement", IsAcknowledgement(m)>> >>
          \o IF ~ResponseIsOfThisTerm(s, m) THEN <<>>
             ELSE IF ~IsAcknowledgement(m) THEN <<>>
             ELSE << <<"MatchIndexAfter", m.matchIndex < matchIndex[s][m.from]>>,
                     <<"HoldersOf", IsMajority(HoldersOf(s, LastIndex(s))')>> >>
                  \o IF WaitsForItsOwnTerm(s)' THEN << <<"EntryIsOfThisTerm", FALSE>> >>
                     ELSE <<>>

SnapshotAnswers(s, m) ==
  LargerTermAnswers(s, m)
  \o << <<"TermIsStale", TermIsStale(s, m)>> >>
  \o IF TermIsStale(s, m) THEN <<>>
     ELSE << <<"SnapshotIsNews", SnapshotIsNews(s, m)>> >>
          \o IF ~SnapshotIsNews(s, m) THEN <<>>
             ELSE << <<"SnapshotMatchesLog", SnapshotMatchesLog(s, m)>> >>

\* <<rule, answer>> of every rule that the step asked.  Of a rule that is a condition the
\* answer is what it said; of any other, whether it made a difference.
RuleAnswers(e, s) ==
  CASE e.action = "Timeout" ->
         << <<"TermOfElection", TRUE>>, <<"IsMajority", IsMajority(votesGranted'[s])>> >>
    [] e.action = "HandleRequestVoteRequest" -> VoteRequestAnswers(s, e.received[1])
    [] e.action = "HandleRequestVoteResponse" -> VoteResponseAnswers(s, e.received[1])
    [] e.action = "ClientRequest" ->
         << <<"TakesCommands", TRUE>>, <<"MayApply", MayApply(s, LastIndex(s))'>> >>
    [] e.action = "SendAppendEntries" -> << <<"NextIndexChoices", TRUE>> >>
    [] e.action = "HandleAppendEntriesRequest" -> EntriesRequestAnswers(s, e.received[1])
    [] e.action = "HandleAppendEntriesResponse" -> EntriesResponseAnswers(s, e.received[1])
    [] e.action = "AdvanceCommitIndex" -> << <<"EntryIsOfThisTerm", TRUE>> >>
    [] e.action = "Apply" -> << <<"MayApply", TRUE>> >>
    [] e.action = "Restart" ->
         << <<"RecoveredCurrentTerm", currentTerm[s] # 0>>,
            <<"RecoveredVotedFor", votedFor[s] # Nil>>,
            <<"RecoveredLog", log[s] # <<>> >>,
            <<"RecoveredSnapshotIndex", snapshotIndex[s] # 0>> >>
    [] e.action = "CompactLog" ->
         << <<"MayCompact", TRUE>>, <<"MayCompact", MayCompact(s, LastIndex(s))>> >>
    [] e.action = "HandleInstallSnapshotRequest" -> SnapshotAnswers(s, e.received[1])
    [] e.action = "ReadRequest" ->
         << <<"HasCommittedInTerm", TRUE>>,
            <<"RoundOfRead", round[s] > 0>>,
            <<"IndexOfRead", lastApplied[s] < commitIndex[s]>> >>
    [] e.action = "ConfirmLeadership" ->
         << <<"HasCommittedInTerm", HasCommittedInTerm(s)>> >>
         \o IF reads[s] = {} THEN <<>> ELSE << <<"ConfirmersOf", FALSE>> >>
    [] e.action = "HandleConfirmLeadershipResponse" ->
         LargerTermAnswers(s, e.received[1])
         \o IF TermIsLarger(s, e.received[1]) \/ role[s] # Leader THEN <<>>
            ELSE << <<"ConfirmationIsOfThisTerm", ConfirmationIsOfThisTerm(s, e.received[1])>> >>
                 \o IF \E read \in reads[s] : ~MayAnswer(s, read)
                    THEN << <<"MayAnswer", FALSE>> >>
                    ELSE <<>>
    [] e.action = "AnswerRead" -> << <<"ConfirmersOf", TRUE>>, <<"MayAnswer", TRUE>> >>
    [] OTHER -> <<>>

=============================================================================

--------------------------- MODULE MCRefinesReduced ---------------------------
(***************************************************************************)
(* Raft, with every message kept, refines RaftReduced: what the reduced    *)
(* network leaves out changes nothing.  REDUCTION.md explains the mapping. *)
(***************************************************************************)
EXTENDS MCPlain

VARIABLES
  \* History: for each term that had a leader, what that leader had at last: its log
  \* and its commit index.
  led,
  \* The state of RaftReduced that this state stands for, where it is not the same: a
  \* variable so that TLC works it out once a state.
  mapped

EntriesOf(s) ==
  [type         |-> AppendEntriesRequest,
   from         |-> s,
   term         |-> currentTerm[s],
   log          |-> log[s],
   leaderCommit |-> commitIndex[s]]

LedAfter ==
  LET now == {EntriesOf(s)' : s \in {s \in Server : role'[s] = Leader}}
  IN  now \cup {m \in led : \A n \in now : n.from # m.from \/ n.term # m.term}

-----------------------------------------------------------------------------
(***************************************************************************)
(* The mapping                                                             *)
(***************************************************************************)

VoteRequests ==
  {[type         |-> RequestVoteRequest,
    from         |-> m.from,
    term         |-> m.term,
    lastLogIndex |-> m.lastLogIndex,
    lastLogTerm  |-> m.lastLogTerm] : m \in {m \in messages : m.type = RequestVoteRequest}}

\* The votes on the way to the candidate s that it would still count.
VotesToCount(s) ==
  {m.from : m \in {m \in messages :
     /\ m.type = RequestVoteResponse
     /\ m.to = s /\ m.term = currentTerm[s] /\ m.voteGranted}}

\* The acknowledgements on the way from p to the leader s that it would still count.
IndexesToCount(s, p) ==
  {m.matchIndex : m \in {m \in messages :
     /\ m.type = AppendEntriesResponse
     /\ m.to = s /\ m.from = p /\ m.term = currentTerm[s] /\ m.success}}

Highest(indexes) == CHOOSE i \in indexes : \A j \in indexes : j <= i

MappedVotesGranted ==
  [s \in Server |-> IF role[s] = Candidate THEN votesGranted[s] \cup VotesToCount(s) ELSE {}]

MappedMatchIndex ==
  [s \in Server |-> [p \in Server |->
     IF role[s] = Leader THEN Highest({matchIndex[s][p]} \cup IndexesToCount(s, p)) ELSE 0]]

\* The normal form reads only variables that are mapped to themselves.
NormalForm == INSTANCE RaftReduced

Mapping ==
  [messages     |-> {m \in VoteRequests \cup led : NormalForm!MayChangeSomeone(m)},
   votesGranted |-> MappedVotesGranted,
   matchIndex   |-> MappedMatchIndex,
   nextIndex    |-> [s \in Server |-> [p \in Server |-> MappedMatchIndex[s][p] + 1]],
   elections    |-> {election \in elections : NormalForm!MayBeWon(election.term)}]

Reduced == INSTANCE RaftReduced WITH
  messages     <- mapped.messages,
  votesGranted <- mapped.votesGranted,
  matchIndex   <- mapped.matchIndex,
  nextIndex    <- mapped.nextIndex,
  lastApplied  <- commitIndex,
  elections    <- mapped.elections

\* A step that changes nothing there is recognised first, which is quicker.
ReducedStep == UNCHANGED Reduced!vars \/ Reduced!ReducedNext

\* The two parts of Reduced!ReducedSpec: its beginning, and its steps.
BeginsAsReduced == Reduced!Init
RefinesReduced  == [][ReducedStep]_<<Reduced!vars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* The steps of Raft, with the history                                     *)
(***************************************************************************)

Recorded == led' = LedAfter /\ mapped' = Mapping'

RecordTimeout(s)             == BoundedTimeout(s) /\ Recorded
RecordVoteRequest(s)         == ReceiveVoteRequest(s) /\ Recorded
RecordVoteResponse(s)        == ReceiveVoteResponse(s) /\ Recorded
RecordBecomeLeader(s)        == BecomeLeader(s) /\ Recorded
RecordCommand(s)             == BoundedCommand(s) /\ Recorded
RecordNoOp(s)                == BoundedNoOp(s) /\ Recorded
RecordSending(s)             == SendSomeEntries(s) /\ Recorded
RecordEntries(s)             == ReceiveEntries(s) /\ Recorded
RecordEntriesResponse(s)     == ReceiveEntriesResponse(s) /\ Recorded
RecordAdvanceCommitIndex(s)  == CommitEntries(s) /\ Recorded
RecordApply(s)               == ApplyEntries(s) /\ Recorded
RecordRestart(s)             == Restart(s) /\ Recorded

RecordedInit == Init /\ led = {} /\ mapped = Mapping

RecordedNext ==
  \E s \in Server :
    \/ RecordTimeout(s)
    \/ RecordVoteRequest(s)
    \/ RecordVoteResponse(s)
    \/ RecordBecomeLeader(s)
    \/ RecordCommand(s)
    \/ RecordNoOp(s)
    \/ RecordSending(s)
    \/ RecordEntries(s)
    \/ RecordEntriesResponse(s)
    \/ RecordAdvanceCommitIndex(s)
    \/ RecordApply(s)
    \/ RecordRestart(s)

RecordedSpec == RecordedInit /\ [][RecordedNext]_<<vars, led, mapped>>

\* `mapped` says nothing new.
View == <<vars, led>>

=============================================================================

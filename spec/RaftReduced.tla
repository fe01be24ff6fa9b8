----------------------------- MODULE RaftReduced -----------------------------
(***************************************************************************)
(* Raft with its network in normal form, so that TLC can exhaust bounds    *)
(* that Raft.tla, with every message kept, cannot.  The rules, the         *)
(* variables and the properties are those of Raft.tla and RaftProperties;  *)
(* only what travels between servers is written differently:               *)
(*                                                                         *)
(*  - What the leader of one term has sent is one record, its log and its  *)
(*    commit index: any AppendEntries request it can have sent is a slice. *)
(*  - A vote or an acknowledgement that still counts is counted when it is *)
(*    given: votesGranted and matchIndex hold what is on the way as well.  *)
(*  - A refusal says no more than its term: a server may learn any term    *)
(*    that exists.                                                         *)
(*  - A record that can no longer change any server is dropped, and so is  *)
(*    the winner of a term that nobody else can still win.                 *)
(*  - A server applies an entry when it learns that it is committed, and   *)
(*    nextIndex, which no guard reads, is always as low as it may be.      *)
(*                                                                         *)
(* A record may be received never, once, again, and at any time: loss,     *)
(* duplication, delay and reordering are in its meaning, as in Network.    *)
(*                                                                         *)
(* Every behaviour of Raft is one of RaftReduced: REDUCTION.md argues it,  *)
(* and models/MCRefinesReduced checks it.  Both lean on two properties,    *)
(* one vote a term and Log Matching; a run relies on RaftReduced only if   *)
(* it has them among its properties.  Forgotten rules therefore use        *)
(* Raft.tla.                                                               *)
(***************************************************************************)
EXTENDS RaftProperties

-----------------------------------------------------------------------------
(***************************************************************************)
(* What travels                                                            *)
(***************************************************************************)

\* What the candidate s of this term asks of every other server.
VoteRequestOf(s, term) ==
  [type         |-> RequestVoteRequest,
   from         |-> s,
   term         |-> term,
   lastLogIndex |-> LastIndex(s),
   lastLogTerm  |-> LastTerm(s)]

\* What the leader s of the current term may have sent to every other server.
EntriesOf(s, entries, index) ==
  [type         |-> AppendEntriesRequest,
   from         |-> s,
   term         |-> currentTerm[s],
   log          |-> entries,
   leaderCommit |-> index]

\* One of the requests that the record m stands for: the first `count` entries, sent
\* when the leader's commit index was `index`.
Slice(m, count, index) ==
  [type         |-> AppendEntriesRequest,
   from         |-> m.from,
   term         |-> m.term,
   prevLogIndex |-> 0,
   prevLogTerm  |-> 0,
   entries      |-> SubSeq(m.log, 1, count),
   leaderCommit |-> index]

ReducedMessageTypeOK(m) ==
  /\ m.from \in Server
  /\ m.term \in Nat \ {0}
  /\ CASE m.type = RequestVoteRequest ->
            m.lastLogIndex \in Nat /\ m.lastLogTerm \in 0 .. m.term
       [] m.type = AppendEntriesRequest ->
            IsLog(m.log) /\ m.leaderCommit \in 0 .. Len(m.log)

ReducedTypeOK ==
  /\ \A m \in messages : ReducedMessageTypeOK(m)
  /\ \A s \in Server : ServerTypeOK(s)
  /\ \A election \in elections : election.term \in Nat /\ election.leader \in Server
  /\ \A index \in 1 .. Len(committed) :
       committed[index].term \in Nat /\ committed[index].entry \in Entry

-----------------------------------------------------------------------------
(***************************************************************************)
(* The normal form                                                         *)
(***************************************************************************)

\* p may still be changed by m, now or after a restart.  A vote request of its own term
\* changes it only where it has a vote to give: one vote a term.
MayChange(m, p) ==
  \/ currentTerm[p] < m.term
  \/ /\ currentTerm[p] = m.term
     /\ m.type = RequestVoteRequest => votedFor[p] = Nil

MayChangeSomeone(m) == \E p \in Peers(m.from) : MayChange(m, p)

\* Somebody may still win this term.
MayBeWon(term) ==
  \E s \in Server :
    currentTerm[s] < term \/ (currentTerm[s] = term /\ role[s] = Candidate)

\* n is in the place of m: what the same server sent of the same kind in the same term.
Replaces(n, m) == n.type = m.type /\ n.from = m.from /\ n.term = m.term

\* Ends every action, once currentTerm', votedFor' and role' are known: the step sends
\* the records of `sent` and makes the leaders of `won`.
Normalise(sent, won) ==
  /\ IF sent = {} /\ currentTerm' = currentTerm /\ votedFor' = votedFor
     THEN UNCHANGED messages
     ELSE messages' = {m \in sent \cup {m \in messages : \A n \in sent : ~Replaces(n, m)} :
                         MayChangeSomeone(m)'}
  /\ elections' = {election \in elections \cup won : MayBeWon(election.term)'}

\* nextIndex is as low as it may be; in a follower both are as if nothing matched.
NextIndexFollows ==
  IF matchIndex' = matchIndex THEN UNCHANGED nextIndex
  ELSE nextIndex' = [s \in Server |-> [p \in Server |-> matchIndex'[s][p] + 1]]

NoMatch == [p \in Server |-> 0]

\* matchIndex and votesGranted of s end with its role.
MatchIndexEndsWithRole(s, match) ==
  IF role'[s] = Leader THEN match ELSE [match EXCEPT ![s] = NoMatch]

VotesEndWithRole(s, votes) ==
  IF role'[s] = Candidate THEN votes ELSE [votes EXCEPT ![s] = {}]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Leader election, section 5.2                                            *)
(***************************************************************************)

\* Timeout.
ReducedTimeout(s) ==
  /\ role[s] # Leader
  /\ currentTerm'  = [currentTerm EXCEPT ![s] = TermOfElection(s)]
  /\ votedFor'     = [votedFor EXCEPT ![s] = s]
  /\ role'         = [role EXCEPT ![s] = Candidate]
  /\ votesGranted' = [votesGranted EXCEPT ![s] = {s}]
  /\ Normalise({VoteRequestOf(s, TermOfElection(s))}, {})
  /\ UNCHANGED <<log, commitIndex, lastApplied, nextIndex, matchIndex, committed>>

\* The candidate that asks by m can still count a vote.
CanCountVote(m) == role[m.from] = Candidate /\ currentTerm[m.from] = m.term

\* HandleRequestVoteRequest, and HandleRequestVoteResponse of a vote that still counts.
\* Where s refuses, or has voted in the term of m already, at most it learns the term.
ReducedHandleRequestVoteRequest(s, m) ==
  /\ m.from # s
  /\ ~TermIsStale(s, m)
  /\ ~TermIsLarger(s, m) => votedFor[s] = Nil
  /\ LET granted == VoteIsFree(s, m, VoteAfter(s, m)) /\ LogIsUpToDate(s, m)
         votes   == IF granted /\ CanCountVote(m)
                    THEN [votesGranted EXCEPT ![m.from] = @ \cup {s}]
                    ELSE votesGranted
     IN  /\ granted
         /\ votedFor' = [votedFor EXCEPT ![s] = m.from]
         /\ currentTerm' = [currentTerm EXCEPT ![s] = TermAfter(s, m)]
         /\ role' = [role EXCEPT ![s] = RoleAfter(s, m)]
         /\ votesGranted' = VotesEndWithRole(s, votes)
  /\ matchIndex' = MatchIndexEndsWithRole(s, matchIndex)
  /\ Normalise({}, {})
  /\ NextIndexFollows
  /\ UNCHANGED <<log, commitIndex, lastApplied, committed>>

\* BecomeLeader.
ReducedBecomeLeader(s) ==
  /\ role[s] = Candidate
  /\ IsMajority(votesGranted[s])
  /\ role'         = [role EXCEPT ![s] = Leader]
  /\ votesGranted' = [votesGranted EXCEPT ![s] = {}]
  /\ UNCHANGED <<currentTerm, votedFor>>
  /\ Normalise({EntriesOf(s, log[s], commitIndex[s])},
               {[term |-> currentTerm[s], leader |-> s]})
  /\ UNCHANGED <<log, commitIndex, lastApplied, nextIndex, matchIndex, committed>>

\* What HandleRequestVoteResponse and HandleAppendEntriesResponse make of a response of
\* a larger term: s adopts it.
LearnTerm(s, term) ==
  LET m == [term |-> term]
  IN  /\ TermIsLarger(s, m)
      /\ currentTerm'  = [currentTerm EXCEPT ![s] = TermAfter(s, m)]
      /\ votedFor'     = [votedFor EXCEPT ![s] = VoteAfter(s, m)]
      /\ role'         = [role EXCEPT ![s] = RoleAfter(s, m)]
      /\ votesGranted' = VotesEndWithRole(s, votesGranted)
      /\ matchIndex'   = MatchIndexEndsWithRole(s, matchIndex)
      /\ Normalise({}, {})
      /\ NextIndexFollows
      /\ UNCHANGED <<log, commitIndex, lastApplied, committed>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Log replication, section 5.3                                            *)
(***************************************************************************)

\* AppendEntry.
ReducedAppendEntry(s, command) ==
  LET entries == Append(log[s], [term |-> currentTerm[s], command |-> command])
  IN  /\ log' = [log EXCEPT ![s] = entries]
      /\ UNCHANGED <<currentTerm, votedFor, role>>
      /\ Normalise({EntriesOf(s, entries, commitIndex[s])}, {})
      /\ UNCHANGED <<commitIndex, lastApplied, votesGranted, nextIndex, matchIndex,
                     committed>>

ReducedClientRequest(s, command) ==
  /\ TakesCommands(s)
  /\ ReducedAppendEntry(s, command)

ReducedAppendNoOp(s) ==
  /\ role[s] = Leader
  /\ LastTerm(s) # currentTerm[s]
  /\ ReducedAppendEntry(s, NoOp)

\* The leader that sent m can still count an acknowledgement.
CanCountAcknowledgement(m) == role[m.from] = Leader /\ currentTerm[m.from] = m.term

\* The slices of m that may tell s different things: a commit index that s is past tells
\* nothing, nor does one beyond the slice.  A slice that begins later in the log and is
\* taken in has the same effect as the one from the beginning: Log Matching.  One that is
\* refused has that of a slice without entries.
Slices(s, m) ==
  UNION {{Slice(m, count, index) :
            index \in {0} \cup ((commitIndex[s] + 1) .. Min(m.leaderCommit, count))} :
         count \in 0 .. Len(m.log)}

\* What the leader that sent m knows of s once s has taken in this slice of m, and the
\* leader its acknowledgement, if that still counts.
MatchIndexBy(s, slice) ==
  IF CanCountAcknowledgement(slice)
  THEN Max(matchIndex[slice.from][s], AcknowledgedIndex(s, slice))
  ELSE matchIndex[slice.from][s]

\* What may become of s and of the leader's knowledge of s, on receipt of a slice of m.
Effects(s, m) ==
  {[log         |-> LogAfter(s, slice),
    commitIndex |-> CommitIndexAfter(s, CommitIndexWithin(s, slice)),
    matchIndex  |-> MatchIndexBy(s, slice)] : slice \in Slices(s, m)}

\* An effect that is none, or no more than the adoption of a larger term, which LearnTerm
\* has.
IsNothingNew(s, m, effect) ==
  /\ effect.log = log[s]
  /\ effect.commitIndex = commitIndex[s]
  /\ effect.matchIndex = matchIndex[m.from][s]
  /\ TermIsLarger(s, m) \/ role[s] = RoleUnderLeader(s, m)

\* HandleAppendEntriesRequest, and HandleAppendEntriesResponse of an acknowledgement that
\* still counts.
ReducedHandleAppendEntriesRequest(s, m, effect) ==
  /\ ~IsNothingNew(s, m, effect)
  /\ log'         = [log EXCEPT ![s] = effect.log]
  /\ commitIndex' = [commitIndex EXCEPT ![s] = effect.commitIndex]
  /\ lastApplied' = [lastApplied EXCEPT ![s] = effect.commitIndex]
  /\ currentTerm' = [currentTerm EXCEPT ![s] = TermAfter(s, m)]
  /\ votedFor'    = [votedFor EXCEPT ![s] = VoteAfter(s, m)]
  /\ role'        = [role EXCEPT ![s] = RoleUnderLeader(s, m)]
  /\ votesGranted' = VotesEndWithRole(s, votesGranted)
  /\ matchIndex' = MatchIndexEndsWithRole(s, [matchIndex EXCEPT ![m.from][s] = effect.matchIndex])
  /\ NextIndexFollows
  /\ Normalise({}, {})
  /\ UNCHANGED committed

-----------------------------------------------------------------------------
(***************************************************************************)
(* Commitment, sections 5.3 and 5.4.2                                      *)
(***************************************************************************)

\* AdvanceCommitIndex.
ReducedAdvanceCommitIndex(s, index) ==
  /\ role[s] = Leader
  /\ index \in (commitIndex[s] + 1) .. LastIndex(s)
  /\ IsMajority(HoldersOf(s, index))
  /\ EntryIsOfThisTerm(s, index)
  /\ commitIndex' = [commitIndex EXCEPT ![s] = index]
  /\ lastApplied' = [lastApplied EXCEPT ![s] = index]
  /\ committed'   = CommittedAfter(s, index)
  /\ UNCHANGED <<currentTerm, votedFor, role>>
  /\ Normalise({EntriesOf(s, log[s], index)}, {})
  /\ UNCHANGED <<log, votesGranted, nextIndex, matchIndex>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Crash and restart, section 5 (Figure 2)                                 *)
(***************************************************************************)

\* Restart, of a server that has something to lose by it.
ReducedRestart(s) ==
  /\ ~(role[s] = Follower /\ commitIndex[s] = 0)
  /\ currentTerm'  = [currentTerm EXCEPT ![s] = RecoveredCurrentTerm(s)]
  /\ votedFor'     = [votedFor EXCEPT ![s] = RecoveredVotedFor(s)]
  /\ log'          = [log EXCEPT ![s] = RecoveredLog(s)]
  /\ role'         = [role EXCEPT ![s] = Follower]
  /\ commitIndex'  = [commitIndex EXCEPT ![s] = 0]
  /\ votesGranted' = VotesEndWithRole(s, votesGranted)
  /\ matchIndex'   = MatchIndexEndsWithRole(s, matchIndex)
  /\ lastApplied' = [lastApplied EXCEPT ![s] = commitIndex'[s]]
  /\ Normalise({}, {})
  /\ NextIndexFollows
  /\ UNCHANGED committed

-----------------------------------------------------------------------------
(***************************************************************************)
(* The protocol                                                            *)
(***************************************************************************)

\* The terms that exist above that of s: each was begun by somebody.
LargerTerms(s) == UNION {(currentTerm[s] + 1) .. currentTerm[p] : p \in Server}

\* s receives a candidate's request for its vote.
ReceiveVoteRequest(s) ==
  \E m \in messages :
    m.type = RequestVoteRequest /\ ReducedHandleRequestVoteRequest(s, m)

\* s receives some of what a leader has sent.
ReceiveEntries(s) ==
  \E m \in messages :
    /\ m.type = AppendEntriesRequest
    /\ m.from # s
    /\ ~TermIsStale(s, m)
    /\ MayBeOverwritten(s, m)
    /\ \E effect \in Effects(s, m) : ReducedHandleAppendEntriesRequest(s, m, effect)

\* s receives a refusal of a larger term.
ReceiveRefusal(s) == \E term \in LargerTerms(s) : LearnTerm(s, term)

\* The leader s takes a command of some client.
ReceiveCommand(s) == \E command \in Command : ReducedClientRequest(s, command)

CommitEntries(s) == \E index \in 1 .. LastIndex(s) : ReducedAdvanceCommitIndex(s, index)

ReducedNext ==
  \E s \in Server :
    \/ ReducedTimeout(s)
    \/ ReceiveVoteRequest(s)
    \/ ReducedBecomeLeader(s)
    \/ ReceiveCommand(s)
    \/ ReducedAppendNoOp(s)
    \/ ReceiveEntries(s)
    \/ ReceiveRefusal(s)
    \/ CommitEntries(s)
    \/ ReducedRestart(s)

ReducedSpec == Init /\ [][ReducedNext]_vars

=============================================================================

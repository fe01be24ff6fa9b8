-------------------------------- MODULE Raft --------------------------------
(***************************************************************************)
(* Raft, after Ongaro and Ousterhout, "In Search of an Understandable      *)
(* Consensus Algorithm (Extended Version)", 2014: elections, replication,  *)
(* commitment, crash and restart, in the order of the paper's section 5.   *)
(*                                                                         *)
(* One action is one step of one server.  Handling one message is one      *)
(* action, the adoption of a larger term and the reply included.  What     *)
(* then follows (becoming leader, appending, sending, committing,          *)
(* applying) is an action of its own.  Every action has a function of the  *)
(* same name in src/core and an event of the same name in a trace.         *)
(*                                                                         *)
(* Every guard that could be forgotten is an operator of its own, a        *)
(* *rule*, in the section "Rules".  A model forgets a rule by overriding   *)
(* that one operator in its .cfg; there is no switch in here.              *)
(*                                                                         *)
(* Left out: membership changes (section 6), and time, since safety must   *)
(* not depend on it: an election timeout may strike whenever.  Snapshots   *)
(* (section 7) and reads without a log entry (section 8) are modules on    *)
(* top of this one.                                                        *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, Network

CONSTANTS
  Server,   \* the servers; the full cluster, of which a majority is needed
  Command,  \* the commands a client may ask for
  NoOp,     \* what a leader's empty entry holds instead of a command (section 8)
  Nil       \* no server: votedFor of a server that has not voted in its term

ASSUME ServersAreFinite == IsFiniteSet(Server) /\ Server # {}
ASSUME NilIsNoServer == Nil \notin Server
ASSUME NoOpIsNoCommand == NoOp \notin Command

\* The three roles of a server (section 5.1, Figure 4).
Follower  == "Follower"
Candidate == "Candidate"
Leader    == "Leader"

\* The two RPCs, each a request and a response (section 5.1).
RequestVoteRequest    == "RequestVoteRequest"
RequestVoteResponse   == "RequestVoteResponse"
AppendEntriesRequest  == "AppendEntriesRequest"
AppendEntriesResponse == "AppendEntriesResponse"

-----------------------------------------------------------------------------
(***************************************************************************)
(* Variables, as in the paper's Figure 2.  Each is a function of the       *)
(* server.                                                                 *)
(***************************************************************************)

VARIABLES
  \* Persistent: on stable storage before a server answers any RPC.
  currentTerm,  \* the latest term the server has seen; 0 at first
  votedFor,     \* whom it voted for in currentTerm, or Nil
  log           \* a sequence of entries [term, command]; the first index is 1

persistentVars == <<currentTerm, votedFor, log>>

VARIABLES
  \* Volatile, on every server.
  role,         \* Follower, Candidate or Leader
  commitIndex,  \* the highest index known to be committed
  lastApplied   \* the highest index applied to the state machine

VARIABLE
  \* Volatile, of a candidate; {} in the other roles.
  votesGranted  \* who granted it a vote in currentTerm, itself included

VARIABLES
  \* Volatile, of a leader; for each other server.  In the other roles 1 and 0.
  nextIndex,    \* the next index to send: a hint that no guard reads
  matchIndex    \* the highest index known to be replicated there

volatileVars == <<role, commitIndex, lastApplied, votesGranted, nextIndex, matchIndex>>

VARIABLES
  \* History: what properties talk about.  No guard reads it.
  elections,    \* the set of all [term, leader]: who won the election of a term
  committed     \* for each committed index the [term, entry]: the entry, and the
                \* lowest term whose leader committed it

historyVars == <<elections, committed>>

vars == <<messages, persistentVars, volatileVars, historyVars>>

\* The types of the variables.
Entry == [term : Nat \ {0}, command : Command \cup {NoOp}]

IsLog(entries) == \A index \in 1 .. Len(entries) : entries[index] \in Entry

\* Of one server: all but the entries of its log, whose number alone matters ...
ServerTypeOKButEntries(s) ==
  /\ currentTerm[s] \in Nat
  /\ votedFor[s] \in Server \cup {Nil}
  /\ role[s] \in {Follower, Candidate, Leader}
  /\ commitIndex[s] \in 0 .. Len(log[s])
  /\ lastApplied[s] \in 0 .. commitIndex[s]
  /\ votesGranted[s] \subseteq Server
  /\ \A p \in Server : nextIndex[s][p] \in 1 .. (Len(log[s]) + 1)
  /\ \A p \in Server : matchIndex[s][p] \in 0 .. (nextIndex[s][p] - 1)

\* ... and with them.
ServerTypeOK(s) == IsLog(log[s]) /\ ServerTypeOKButEntries(s)

MessageTypeOK(m) ==
  /\ m.from \in Server
  /\ m.to \in Server \ {m.from}
  /\ m.term \in Nat
  /\ CASE m.type = RequestVoteRequest ->
            m.lastLogIndex \in Nat /\ m.lastLogTerm \in 0 .. m.term
       [] m.type = RequestVoteResponse ->
            m.voteGranted \in BOOLEAN
       [] m.type = AppendEntriesRequest ->
            /\ m.prevLogIndex \in Nat /\ m.prevLogTerm \in 0 .. m.term
            /\ IsLog(m.entries) /\ m.leaderCommit \in Nat
       [] m.type = AppendEntriesResponse ->
            IF m.success THEN m.matchIndex \in Nat
            ELSE m.prevLogIndex \in Nat /\ m.lastLogIndex \in Nat

HistoryTypeOK ==
  /\ \A election \in elections : election.term \in Nat /\ election.leader \in Server
  /\ \A index \in 1 .. Len(committed) :
       committed[index].term \in Nat /\ committed[index].entry \in Entry

TypeOK ==
  /\ \A m \in messages : MessageTypeOK(m)
  /\ \A s \in Server : ServerTypeOK(s)
  /\ HistoryTypeOK

-----------------------------------------------------------------------------
(***************************************************************************)
(* Helpers                                                                 *)
(***************************************************************************)

Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a > b THEN a ELSE b

\* The term of the entry at an index of a log; 0 before its beginning.
TermAt(entries, index) == IF index = 0 THEN 0 ELSE entries[index].term

LastIndex(s) == Len(log[s])
LastTerm(s)  == TermAt(log[s], LastIndex(s))

Peers(s) == Server \ {s}

\* The last index that an AppendEntries request covers.
LastIndexOf(m) == m.prevLogIndex + Len(m.entries)

\* What an AppendEntries response is about: what it acknowledges, or what it refuses.
IndexAnswered(m) == IF m.success THEN m.matchIndex ELSE m.prevLogIndex

\* The indexes of the entries of the request m that the log of s has as well.
OverlapWith(s, m) == (m.prevLogIndex + 1) .. Min(LastIndex(s), LastIndexOf(m))

-----------------------------------------------------------------------------
(***************************************************************************)
(* Rules: what a server must not forget.  The same names, in the same      *)
(* order, are in src/core/rules.ts.                                        *)
(***************************************************************************)

(* Terms, section 5.1 *)

\* A message of a larger term makes its receiver adopt that term.
TermIsLarger(s, m) == m.term > currentTerm[s]

\* A server that adopts a larger term becomes a follower.
RoleInLargerTerm(s) == Follower

\* A server that adopts a larger term has not voted in it.
VoteInLargerTerm(s) == Nil

\* A request of a smaller term is refused.
TermIsStale(s, m) == m.term < currentTerm[s]

(* Elections, section 5.2 *)

\* A server whose election timeout elapses begins a new term.
TermOfElection(s) == currentTerm[s] + 1

\* One vote a term, first come first served; m.from may ask again.
VoteIsFree(s, m, vote) == vote \in {Nil, m.from}

\* A response to a vote request counts in the term it was given in, no other.
VoteIsOfThisTerm(s, m) == m.term = currentTerm[s]

\* A response that refuses is no vote.
VoteIsGranted(m) == m.voteGranted

\* A majority of the full cluster.
IsMajority(servers) == 2 * Cardinality(servers) > Cardinality(Server)

\* A candidate that hears of the leader of its term becomes a follower.
RoleUnderLeader(s, m) == Follower

(* Log replication, section 5.3 *)

\* Only a leader takes commands.
TakesCommands(s) == role[s] = Leader

\* A leader never lets another overwrite its log in its own term.
MayBeOverwritten(s, m) == role[s] = Leader => m.term # currentTerm[s]

\* The log holds an entry at prevLogIndex ...
PreviousEntryExists(s, m) == m.prevLogIndex <= LastIndex(s)

\* ... and it is of the term prevLogTerm.
PreviousTermMatches(s, m) ==
  m.prevLogIndex <= LastIndex(s) => TermAt(log[s], m.prevLogIndex) = m.prevLogTerm

\* Entries agree with the log where none is of another term than the one there: then
\* nothing is erased, since a delayed request must not undo what a later one brought.
EntriesAgree(s, m) ==
  \A index \in OverlapWith(s, m) :
    TermAt(log[s], index) = m.entries[index - m.prevLogIndex].term

\* Where one conflicts, the log is cut back to what was shown to match.
LogBeforeConflict(s, m) == SubSeq(log[s], 1, m.prevLogIndex)

\* What a follower acknowledges is what the request showed to match.
AcknowledgedIndex(s, m) == LastIndexOf(m)

\* A response counts in the term it was given in, no other.
ResponseIsOfThisTerm(s, m) == m.term = currentTerm[s]

\* A refusal acknowledges nothing.
IsAcknowledgement(m) == m.success

\* A late acknowledgement does not take matchIndex back.
MatchIndexAfter(s, m) == Max(matchIndex[s][m.from], IndexAnswered(m))

\* nextIndex stays above matchIndex and at most one past the log's end.
NextIndexChoices(s, match) == (match + 1) .. (LastIndex(s) + 1)

(* Commitment, sections 5.3 and 5.4.2 *)

\* The servers that hold the entry at index for all the leader s knows.
HoldersOf(s, index) == {s} \cup {p \in Peers(s) : matchIndex[s][p] >= index}

\* Only an entry of the leader's own term is committed by counting (Figure 8).
EntryIsOfThisTerm(s, index) == TermAt(log[s], index) = currentTerm[s]

\* A follower commits no further than what was shown to match.
CommitIndexWithin(s, m) == Min(m.leaderCommit, LastIndexOf(m))

\* The commit index never goes back.
CommitIndexAfter(s, index) == Max(commitIndex[s], index)

\* Only committed entries are applied.
MayApply(s, index) == index <= commitIndex[s]

(* Safety of elections, section 5.4.1 *)

\* Logs are compared by the terms of their last entries first ...
LastTermsDiffer(s, m) == m.lastLogTerm # LastTerm(s)

\* ... and by length only where these are the same ...
LogIsAtLeastAsLong(s, m) == m.lastLogIndex >= LastIndex(s)

\* ... and a vote goes only to a candidate whose log is at least as up-to-date.
LogIsUpToDate(s, m) ==
  IF LastTermsDiffer(s, m) THEN m.lastLogTerm > LastTerm(s) ELSE LogIsAtLeastAsLong(s, m)

(* Stable storage, section 5 (Figure 2, "persistent state") *)

\* The term, the vote and the log survive a restart.
RecoveredCurrentTerm(s) == currentTerm[s]
RecoveredVotedFor(s)    == votedFor[s]
RecoveredLog(s)         == log[s]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Initial state: followers of term 0 with empty logs.                     *)
(***************************************************************************)

Init ==
  /\ NetworkInit
  /\ currentTerm  = [s \in Server |-> 0]
  /\ votedFor     = [s \in Server |-> Nil]
  /\ log          = [s \in Server |-> <<>>]
  /\ role         = [s \in Server |-> Follower]
  /\ commitIndex  = [s \in Server |-> 0]
  /\ lastApplied  = [s \in Server |-> 0]
  /\ votesGranted = [s \in Server |-> {}]
  /\ nextIndex    = [s \in Server |-> [p \in Server |-> 1]]
  /\ matchIndex   = [s \in Server |-> [p \in Server |-> 0]]
  /\ elections    = {}
  /\ committed    = <<>>

\* votesGranted, nextIndex and matchIndex last as long as the role they belong to.
\* An action that may end a role says this once role' is known.
VolatileStateEndsWithRole(s) ==
  /\ votesGranted' = IF role'[s] = Candidate THEN votesGranted
                     ELSE [votesGranted EXCEPT ![s] = {}]
  /\ nextIndex'    = IF role'[s] = Leader THEN nextIndex
                     ELSE [nextIndex EXCEPT ![s] = [p \in Server |-> 1]]
  /\ matchIndex'   = IF role'[s] = Leader THEN matchIndex
                     ELSE [matchIndex EXCEPT ![s] = [p \in Server |-> 0]]

\* What the larger of the two terms makes of s, on receiving m.
TermAfter(s, m) == IF TermIsLarger(s, m) THEN m.term ELSE currentTerm[s]
VoteAfter(s, m) == IF TermIsLarger(s, m) THEN VoteInLargerTerm(s) ELSE votedFor[s]
RoleAfter(s, m) == IF TermIsLarger(s, m) THEN RoleInLargerTerm(s) ELSE role[s]

\* s receives a response of a larger term: it adopts the term and no more.
AdoptTerm(s, m) ==
  /\ currentTerm' = [currentTerm EXCEPT ![s] = TermAfter(s, m)]
  /\ votedFor'    = [votedFor EXCEPT ![s] = VoteAfter(s, m)]
  /\ role'        = [role EXCEPT ![s] = RoleAfter(s, m)]
  /\ VolatileStateEndsWithRole(s)
  /\ Send({})
  /\ UNCHANGED <<log, commitIndex, lastApplied, historyVars>>

\* s receives a request that only a leader sends: it adopts the term and follows that
\* leader; it stays as it is where it has seen a larger term.
HearLeader(s, m) ==
  /\ currentTerm' = [currentTerm EXCEPT ![s] = TermAfter(s, m)]
  /\ votedFor'    = [votedFor EXCEPT ![s] = VoteAfter(s, m)]
  /\ role'        = [role EXCEPT ![s] = IF TermIsStale(s, m) THEN @ ELSE RoleUnderLeader(s, m)]
  /\ VolatileStateEndsWithRole(s)

\* s receives a response that means nothing to it any more.
Ignore == Send({}) /\ UNCHANGED <<persistentVars, volatileVars, historyVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Leader election, section 5.2                                            *)
(***************************************************************************)

\* The election timeout of s elapses: it becomes a candidate of a new term, votes
\* for itself and asks all others for their votes.
Timeout(s) ==
  /\ role[s] # Leader
  /\ currentTerm'  = [currentTerm EXCEPT ![s] = TermOfElection(s)]
  /\ votedFor'     = [votedFor EXCEPT ![s] = s]
  /\ role'         = [role EXCEPT ![s] = Candidate]
  /\ votesGranted' = [votesGranted EXCEPT ![s] = {s}]
  /\ Send({[type         |-> RequestVoteRequest,
            from         |-> s,
            to           |-> p,
            term         |-> TermOfElection(s),
            lastLogIndex |-> LastIndex(s),
            lastLogTerm  |-> LastTerm(s)] : p \in Peers(s)})
  /\ UNCHANGED <<log, commitIndex, lastApplied, nextIndex, matchIndex, historyVars>>

\* s receives a candidate's request for its vote, and answers.
HandleRequestVoteRequest(s, m) ==
  /\ CanReceive(m)
  /\ m.type = RequestVoteRequest
  /\ m.to = s
  /\ LET granted == /\ ~TermIsStale(s, m)
                    /\ VoteIsFree(s, m, VoteAfter(s, m))
                    /\ LogIsUpToDate(s, m)
     IN  /\ votedFor' = [votedFor EXCEPT ![s] = IF granted THEN m.from ELSE VoteAfter(s, m)]
         /\ Send({[type        |-> RequestVoteResponse,
                   from        |-> s,
                   to          |-> m.from,
                   term        |-> TermAfter(s, m),
                   voteGranted |-> granted]})
  /\ currentTerm' = [currentTerm EXCEPT ![s] = TermAfter(s, m)]
  /\ role'        = [role EXCEPT ![s] = RoleAfter(s, m)]
  /\ VolatileStateEndsWithRole(s)
  /\ UNCHANGED <<log, commitIndex, lastApplied, historyVars>>

\* s receives the answer to its request for a vote.
HandleRequestVoteResponse(s, m) ==
  /\ CanReceive(m)
  /\ m.type = RequestVoteResponse
  /\ m.to = s
  /\ IF TermIsLarger(s, m)
     THEN AdoptTerm(s, m)
     ELSE IF role[s] = Candidate /\ VoteIsOfThisTerm(s, m) /\ VoteIsGranted(m)
     THEN /\ votesGranted' = [votesGranted EXCEPT ![s] = @ \cup {m.from}]
          /\ Send({})
          /\ UNCHANGED <<persistentVars, role, commitIndex, lastApplied,
                         nextIndex, matchIndex, historyVars>>
     ELSE Ignore

\* The candidate s has the votes of a majority and leads its term.
BecomeLeader(s) ==
  /\ role[s] = Candidate
  /\ IsMajority(votesGranted[s])
  /\ role'         = [role EXCEPT ![s] = Leader]
  /\ votesGranted' = [votesGranted EXCEPT ![s] = {}]
  /\ nextIndex'    = [nextIndex EXCEPT ![s] = [p \in Server |-> LastIndex(s) + 1]]
  /\ matchIndex'   = [matchIndex EXCEPT ![s] = [p \in Server |-> 0]]
  /\ elections'    = elections \cup {[term |-> currentTerm[s], leader |-> s]}
  /\ Send({})
  /\ UNCHANGED <<persistentVars, commitIndex, lastApplied, committed>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Log replication, section 5.3                                            *)
(***************************************************************************)

\* s appends an entry of its term to its own log.
AppendEntry(s, command) ==
  /\ log' = [log EXCEPT ![s] = Append(@, [term |-> currentTerm[s], command |-> command])]
  /\ Send({})
  /\ UNCHANGED <<currentTerm, votedFor, volatileVars, historyVars>>

\* The leader s takes a client's command into its log.
ClientRequest(s, command) ==
  /\ TakesCommands(s)
  /\ AppendEntry(s, command)

\* The leader s begins its term with an empty entry (section 8): allowed, not required.
AppendNoOp(s) ==
  /\ role[s] = Leader
  /\ LastTerm(s) # currentTerm[s]
  /\ AppendEntry(s, NoOp)

\* The leader s sends p a slice of its log: the `count` entries after prevLogIndex.
\* Without entries it is a heartbeat.  Any slice is safe, so that batches, pipelines
\* and repeats need no action of their own.
SendAppendEntries(s, p, prevLogIndex, count) ==
  /\ role[s] = Leader
  /\ p \in Peers(s)
  /\ prevLogIndex + count <= LastIndex(s)
  /\ Send({[type         |-> AppendEntriesRequest,
            from         |-> s,
            to           |-> p,
            term         |-> currentTerm[s],
            prevLogIndex |-> prevLogIndex,
            prevLogTerm  |-> TermAt(log[s], prevLogIndex),
            entries      |-> SubSeq(log[s], prevLogIndex + 1, prevLogIndex + count),
            leaderCommit |-> commitIndex[s]]})
  /\ \E next \in NextIndexChoices(s, matchIndex[s][p]) :
       nextIndex' = [nextIndex EXCEPT ![s][p] = next]
  /\ UNCHANGED <<persistentVars, role, commitIndex, lastApplied, votesGranted,
                 matchIndex, historyVars>>

\* The log of s once it has taken in the entries of m.
LogAfter(s, m) ==
  LET kept == IF EntriesAgree(s, m) THEN log[s] ELSE LogBeforeConflict(s, m)
  IN  kept \o SubSeq(m.entries, Max(1, Len(kept) - m.prevLogIndex + 1), Len(m.entries))

\* s receives entries, or a heartbeat, from the leader of some term, and answers.
HandleAppendEntriesRequest(s, m) ==
  /\ CanReceive(m)
  /\ m.type = AppendEntriesRequest
  /\ m.to = s
  /\ MayBeOverwritten(s, m)
  /\ LET matches == /\ ~TermIsStale(s, m)
                    /\ PreviousEntryExists(s, m)
                    /\ PreviousTermMatches(s, m)
     IN  IF matches
         THEN /\ log' = [log EXCEPT ![s] = LogAfter(s, m)]
              /\ commitIndex' = [commitIndex EXCEPT ![s] =
                                   CommitIndexAfter(s, CommitIndexWithin(s, m))]
              /\ Send({[type       |-> AppendEntriesResponse,
                        from       |-> s,
                        to         |-> m.from,
                        term       |-> TermAfter(s, m),
                        success    |-> TRUE,
                        matchIndex |-> AcknowledgedIndex(s, m)]})
         ELSE /\ UNCHANGED <<log, commitIndex>>
              /\ Send({[type         |-> AppendEntriesResponse,
                        from         |-> s,
                        to           |-> m.from,
                        term         |-> TermAfter(s, m),
                        success      |-> FALSE,
                        prevLogIndex |-> m.prevLogIndex,
                        lastLogIndex |-> LastIndex(s)]})
  /\ HearLeader(s, m)
  /\ UNCHANGED <<lastApplied, historyVars>>

\* The leader s receives the answer to entries it sent.  A refusal names the
\* prevLogIndex it refuses and the log's end, for the leader to choose nextIndex by.
HandleAppendEntriesResponse(s, m) ==
  /\ CanReceive(m)
  /\ m.type = AppendEntriesResponse
  /\ m.to = s
  /\ IF TermIsLarger(s, m)
     THEN AdoptTerm(s, m)
     ELSE IF role[s] = Leader /\ ResponseIsOfThisTerm(s, m)
     THEN LET match == IF IsAcknowledgement(m) THEN MatchIndexAfter(s, m)
                                               ELSE matchIndex[s][m.from]
          IN  /\ matchIndex' = [matchIndex EXCEPT ![s][m.from] = match]
              /\ \E next \in NextIndexChoices(s, match) :
                   nextIndex' = [nextIndex EXCEPT ![s][m.from] = next]
              /\ Send({})
              /\ UNCHANGED <<persistentVars, role, commitIndex, lastApplied,
                             votesGranted, historyVars>>
     ELSE Ignore

-----------------------------------------------------------------------------
(***************************************************************************)
(* Commitment, sections 5.3 and 5.4.2                                      *)
(***************************************************************************)

\* The history of what is committed, once the leader s commits up to index.
CommittedAfter(s, index) ==
  [i \in 1 .. Max(Len(committed), index) |->
     IF i > Len(committed) THEN [term |-> currentTerm[s], entry |-> log[s][i]]
     ELSE IF i <= index THEN [committed[i] EXCEPT !.term = Min(@, currentTerm[s])]
     ELSE committed[i]]

\* The leader s finds the entry at index, and so all before it, on a majority.
AdvanceCommitIndex(s, index) ==
  /\ role[s] = Leader
  /\ index \in (commitIndex[s] + 1) .. LastIndex(s)
  /\ IsMajority(HoldersOf(s, index))
  /\ EntryIsOfThisTerm(s, index)
  /\ commitIndex' = [commitIndex EXCEPT ![s] = index]
  /\ committed'   = CommittedAfter(s, index)
  /\ Send({})
  /\ UNCHANGED <<persistentVars, role, lastApplied, votesGranted, nextIndex, matchIndex,
                 elections>>

\* s applies entries, in the order of the log, up to index.
Apply(s, index) ==
  /\ index \in (lastApplied[s] + 1) .. LastIndex(s)
  /\ MayApply(s, index)
  /\ lastApplied' = [lastApplied EXCEPT ![s] = index]
  /\ Send({})
  /\ UNCHANGED <<persistentVars, role, commitIndex, votesGranted, nextIndex, matchIndex,
                 historyVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Crash and restart, section 5 (Figure 2)                                 *)
(***************************************************************************)

\* s crashes and comes back from stable storage.  A crash is not a step of its own:
\* a server that is down is one that takes no step.
Restart(s) ==
  /\ currentTerm'  = [currentTerm EXCEPT ![s] = RecoveredCurrentTerm(s)]
  /\ votedFor'     = [votedFor EXCEPT ![s] = RecoveredVotedFor(s)]
  /\ log'          = [log EXCEPT ![s] = RecoveredLog(s)]
  /\ role'         = [role EXCEPT ![s] = Follower]
  /\ commitIndex'  = [commitIndex EXCEPT ![s] = 0]
  /\ lastApplied'  = [lastApplied EXCEPT ![s] = 0]
  /\ VolatileStateEndsWithRole(s)
  /\ Send({})
  /\ UNCHANGED historyVars

-----------------------------------------------------------------------------
(***************************************************************************)
(* The protocol                                                            *)
(***************************************************************************)

\* s receives a message, of whatever type.
Receive(s, m) ==
  \/ HandleRequestVoteRequest(s, m)
  \/ HandleRequestVoteResponse(s, m)
  \/ HandleAppendEntriesRequest(s, m)
  \/ HandleAppendEntriesResponse(s, m)

\* The leader s sends some slice of its log to some server.
SendSomeEntries(s) ==
  \E p \in Peers(s), prevLogIndex \in 0 .. LastIndex(s) :
    \E count \in 0 .. (LastIndex(s) - prevLogIndex) :
      SendAppendEntries(s, p, prevLogIndex, count)

Next ==
  \E s \in Server :
    \/ Timeout(s)
    \/ \E m \in messages : Receive(s, m)
    \/ BecomeLeader(s)
    \/ \E command \in Command : ClientRequest(s, command)
    \/ AppendNoOp(s)
    \/ SendSomeEntries(s)
    \/ \E index \in 1 .. LastIndex(s) : AdvanceCommitIndex(s, index)
    \/ \E index \in 1 .. LastIndex(s) : Apply(s, index)
    \/ Restart(s)

Spec == Init /\ [][Next]_vars

=============================================================================

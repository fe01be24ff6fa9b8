---------------------------- MODULE MCBehaviours ----------------------------
(***************************************************************************)
(* Random behaviours of Raft.tla that name their steps: for `lockstep      *)
(* replay`, which takes each through src/core.  Every action is in them    *)
(* and every message is kept; any may be received late, again or never.    *)
(* The steps are chosen so that behaviours get somewhere: servers seldom   *)
(* time out under a leader, seldom restart, and seldom receive a message   *)
(* that is no news to them.                                                *)
(***************************************************************************)
EXTENDS MCRaft

VARIABLES
  sent,  \* the messages sent in the last step
  step   \* the last step: its action and parameters

\* Raft's Send names what is sent; the end of the step puts it under way.
SendInThisStep(messagesSent) == sent' = messagesSent

\* The step `taken` ends.
Ends(taken) ==
  /\ messages' = messages \cup sent'
  /\ step' = taken

\* It is so once in n times.
OnceIn(n) == RandomElement(1 .. n) = 1

\* Some server leads the latest term.
HasLeader ==
  \E s \in Server : role[s] = Leader /\ \A p \in Server : currentTerm[p] <= currentTerm[s]

TakeTimeout(s) ==
  /\ currentTerm[s] < MaxTerm
  /\ OnceIn(IF HasLeader THEN 40 ELSE 4)
  /\ Timeout(s)
  /\ Ends([action |-> "Timeout", server |-> s])

\* The message m makes a difference to its receiver s.
IsNews(s, m) ==
  \/ m.term > currentTerm[s]
  \/ /\ m.term = currentTerm[s]
     /\ CASE m.type = RequestVoteRequest    -> votedFor[s] = Nil
          [] m.type = RequestVoteResponse   ->
               role[s] = Candidate /\ m.voteGranted /\ m.from \notin votesGranted[s]
          [] m.type = AppendEntriesRequest  -> TRUE
          [] m.type = AppendEntriesResponse ->
               role[s] = Leader /\ (m.success => m.matchIndex > matchIndex[s][m.from])

\* s receives a message of this type, for the first time or again.
TakeReceive(s, type) ==
  \E m \in {message \in messages :
           /\ message.type = type
           /\ message.to = s
           /\ IsNews(s, message) \/ OnceIn(20)} :
    /\ Receive(s, m)
    /\ Ends([action |-> "Handle" \o type, server |-> s, message |-> m])

TakeRequestVoteRequest(s)    == TakeReceive(s, RequestVoteRequest)
TakeRequestVoteResponse(s)   == TakeReceive(s, RequestVoteResponse)
TakeAppendEntriesRequest(s)  == TakeReceive(s, AppendEntriesRequest)
TakeAppendEntriesResponse(s) == TakeReceive(s, AppendEntriesResponse)

TakeBecomeLeader(s) ==
  /\ BecomeLeader(s)
  /\ Ends([action |-> "BecomeLeader", server |-> s])

TakeClientRequest(s) ==
  /\ Len(log[s]) < MaxLog
  /\ \E command \in Command :
       /\ ClientRequest(s, command)
       /\ Ends([action |-> "ClientRequest", server |-> s, command |-> command])

TakeAppendNoOp(s) ==
  /\ Len(log[s]) < MaxLog
  /\ AppendNoOp(s)
  /\ Ends([action |-> "AppendNoOp", server |-> s])

TakeSendAppendEntries(s) ==
  \E p \in Peers(s), prevLogIndex \in 0 .. LastIndex(s) :
    \E count \in 0 .. (LastIndex(s) - prevLogIndex) :
      /\ SendAppendEntries(s, p, prevLogIndex, count)
      /\ Ends([action |-> "SendAppendEntries", server |-> s, peer |-> p,
               prevLogIndex |-> prevLogIndex, count |-> count])

TakeAdvanceCommitIndex(s) ==
  \E index \in 1 .. LastIndex(s) :
    /\ AdvanceCommitIndex(s, index)
    /\ Ends([action |-> "AdvanceCommitIndex", server |-> s, index |-> index])

TakeApply(s) ==
  \E index \in 1 .. LastIndex(s) :
    /\ Apply(s, index)
    /\ Ends([action |-> "Apply", server |-> s, index |-> index])

TakeRestart(s) ==
  /\ OnceIn(20)
  /\ Restart(s)
  /\ Ends([action |-> "Restart", server |-> s])

BehavioursInit ==
  /\ Init
  /\ sent = {}
  /\ step = [action |-> "Init"]

BehavioursNext ==
  \E s \in Server :
    \/ TakeTimeout(s)
    \/ TakeRequestVoteRequest(s)
    \/ TakeRequestVoteResponse(s)
    \/ TakeBecomeLeader(s)
    \/ TakeClientRequest(s)
    \/ TakeAppendNoOp(s)
    \/ TakeSendAppendEntries(s)
    \/ TakeAppendEntriesRequest(s)
    \/ TakeAppendEntriesResponse(s)
    \/ TakeAdvanceCommitIndex(s)
    \/ TakeApply(s)
    \/ TakeRestart(s)

BehavioursSpec == BehavioursInit /\ [][BehavioursNext]_<<vars, sent, step>>

=============================================================================

---------------------------- MODULE MCRestricted ----------------------------
(***************************************************************************)
(* A part of Raft's behaviours, small enough to be searched in seconds for *)
(* the shortest in which something happens. The models that forget a rule  *)
(* (MCForgetXxx) look here for the property that falls without it;         *)
(* scenarios look for a behaviour worth seeing.                            *)
(*                                                                         *)
(* A model that forgets the rule Xxx has ForgottenXxx, of ForgottenRules,  *)
(* in the rule's place by its .cfg. The protocol is Raft.tla, every action *)
(* unchanged; what is restricted is only which of the enabled steps are    *)
(* taken. So each behaviour found here is one of Raft.tla, with the same   *)
(* rule forgotten, and a counterexample stands.                            *)
(*                                                                         *)
(* Restricted in all of them: a message is received at most once, and      *)
(* leaves `messages` at once where it is lost (Reaches), where it can      *)
(* change nothing any more, or where it is a request whose sender waits no *)
(* longer for the answer (Matters); leaders append no empty entries and    *)
(* send their whole log; nothing is applied; no server restarts.  The      *)
(* models widen or narrow this, by the operators below.                    *)
(***************************************************************************)
EXTENDS MCRaft, ForgottenRules

CONSTANTS s1, s2, s3  \* servers, for models that tell them apart

VARIABLES
  sent,  \* the messages sent in the last step, the lost ones included
  step   \* the last step: its action and parameters

modelVars == <<vars, sent, step>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Which steps are taken.  A model overrides what it needs.                *)
(***************************************************************************)

\* For each term, who may begin it ...
Candidates == [term \in 1 .. MaxTerm |-> Server]

\* ... how many entries its leader may append ...
Entries == [term \in 1 .. MaxTerm |-> MaxLog]

\* ... and between which servers its messages get through.
Connected == [term \in 1 .. MaxTerm |-> Server]

\* The election timeout of s may elapse.
MayTimeOut(s) ==
  TermOfElection(s) <= MaxTerm /\ s \in Candidates[TermOfElection(s)]

\* s may be asked to append a command.
MayAppend(s) ==
  /\ currentTerm[s] > 0
  /\ Len(log[s]) < MaxLog
  /\ Cardinality({index \in 1 .. Len(log[s]) : log[s][index].term = currentTerm[s]})
       < Entries[currentTerm[s]]

\* The slices <<prevLogIndex, count>> of its log that s may send to p.
WholeLog(s) == {<<0, LastIndex(s)>>}
Slices(s, p) == IF log[s] = <<>> THEN {} ELSE WholeLog(s)

\* s may apply entries.
AppliesEntries(s) == FALSE

\* s may crash and restart.
MayRestart(s) == FALSE

\* The message m is not lost.
Reaches(m) == m.term > 0 => {m.from, m.to} \subseteq Connected[m.term]

\* The sender of the request m still waits for the answer.
IsAwaited(m) ==
  /\ m.term = currentTerm[m.from]
  /\ role[m.from] = IF m.type = RequestVoteRequest THEN Candidate ELSE Leader

\* Receiving m could still change something.
Matters(m) ==
  /\ m.term >= currentTerm[m.to]
  /\ CASE m.type \in {RequestVoteRequest, AppendEntriesRequest} -> IsAwaited(m)
       [] m.type = RequestVoteResponse ->
            m.voteGranted /\ m.term = currentTerm[m.to] /\ role[m.to] = Candidate
       [] m.type = AppendEntriesResponse ->
            /\ m.success /\ m.term = currentTerm[m.to] /\ role[m.to] = Leader
            /\ m.matchIndex > matchIndex[m.to][m.from]

-----------------------------------------------------------------------------
(***************************************************************************)
(* The network: Raft's Send names what is sent, and the end of each step   *)
(* says what is then under way.                                            *)
(***************************************************************************)

SendInThisStep(messagesSent) == sent' = messagesSent

\* The step `taken` ends, which received the messages of the set `received`.
Ends(taken, received) ==
  /\ messages' = {m \in (messages \ received) \cup sent' : Reaches(m) /\ Matters(m)'}
  /\ step' = taken

-----------------------------------------------------------------------------
(***************************************************************************)
(* The steps                                                               *)
(***************************************************************************)

TakeTimeout(s) ==
  /\ MayTimeOut(s)
  /\ Timeout(s)
  /\ Ends([action |-> "Timeout", server |-> s], {})

TakeReceive(s) ==
  \E m \in messages :
    /\ Receive(s, m)
    /\ Ends([action |-> "Handle" \o m.type, server |-> s, message |-> m], {m})

TakeBecomeLeader(s) ==
  /\ BecomeLeader(s)
  /\ Ends([action |-> "BecomeLeader", server |-> s], {})

TakeClientRequest(s) ==
  /\ MayAppend(s)
  /\ \E command \in Command :
       /\ ClientRequest(s, command)
       /\ Ends([action |-> "ClientRequest", server |-> s, command |-> command], {})

TakeSendAppendEntries(s) ==
  \E p \in Peers(s) : \E slice \in Slices(s, p) :
    /\ SendAppendEntries(s, p, slice[1], slice[2])
    /\ Ends([action |-> "SendAppendEntries", server |-> s, peer |-> p,
             prevLogIndex |-> slice[1], count |-> slice[2]], {})

TakeAdvanceCommitIndex(s) ==
  \E index \in 1 .. LastIndex(s) :
    /\ AdvanceCommitIndex(s, index)
    /\ Ends([action |-> "AdvanceCommitIndex", server |-> s, index |-> index], {})

TakeApply(s) ==
  \E index \in 1 .. LastIndex(s) :
    /\ AppliesEntries(s)
    /\ Apply(s, index)
    /\ Ends([action |-> "Apply", server |-> s, index |-> index], {})

TakeRestart(s) ==
  /\ MayRestart(s)
  /\ Restart(s)
  /\ Ends([action |-> "Restart", server |-> s], {})

RestrictedInit ==
  /\ Init
  /\ sent = {}
  /\ step = [action |-> "Init"]

RestrictedNext ==
  \E s \in Server :
    \/ TakeTimeout(s)
    \/ TakeReceive(s)
    \/ TakeBecomeLeader(s)
    \/ TakeClientRequest(s)
    \/ TakeSendAppendEntries(s)
    \/ TakeAdvanceCommitIndex(s)
    \/ TakeApply(s)
    \/ TakeRestart(s)

RestrictedSpec == RestrictedInit /\ [][RestrictedNext]_modelVars

\* What a state is for TLC: not how it was reached.
View == vars

=============================================================================

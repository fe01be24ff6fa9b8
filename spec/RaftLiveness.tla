----------------------------- MODULE RaftLiveness -----------------------------
(***************************************************************************)
(* What Raft promises once timing is kind (section 5.6: "the broadcast     *)
(* time should be an order of magnitude less than the election timeout"),  *)
(* and what it needs for that.  Safety needs none of it.                   *)
(*                                                                         *)
(* At first everything may happen that RaftReduced allows.  At some moment *)
(* timing becomes kind and stays so.  Then a majority of the servers is    *)
(* available and does not crash any more; the others, a minority, never    *)
(* take a step again.  Kind timing is four assumptions, each an operator   *)
(* that a model can leave out:                                             *)
(*                                                                         *)
(*  - Quiet: an election timeout is longer than an exchange of messages.   *)
(*  - NoLeaderIsHeard: who hears its leader does not time out.             *)
(*  - MayBeElected: the timeout that strikes first strikes a server that   *)
(*    can win; random timeouts see to that sooner or later (section 5.2).  *)
(*  - Fairness: what a server that is available keeps sending to another   *)
(*    arrives, and a server does what it can do.                           *)
(*                                                                         *)
(* What only the network still holds may arrive too, or be lost: nothing   *)
(* is assumed of a message whose sender does not repeat it.                *)
(***************************************************************************)
EXTENDS RaftReduced

VARIABLES
  timing,    \* "Unkind" at first, "Kind" later and for good
  available  \* once timing is kind, the servers that take steps; all before

livenessVars == <<vars, timing, available>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Exchanges between servers that are available                            *)
(***************************************************************************)

\* The candidate, or the leader, that sent m repeats it.
IsRepeated(m) ==
  /\ m.from \in available
  /\ currentTerm[m.from] = m.term
  /\ role[m.from] = IF m.type = RequestVoteRequest THEN Candidate ELSE Leader

\* s answers a candidate that waits for votes.
AnswerCandidate(s) ==
  \E m \in messages :
    /\ m.type = RequestVoteRequest
    /\ IsRepeated(m)
    /\ ReducedHandleRequestVoteRequest(s, m)

\* s takes in what its leader sends, and the leader the acknowledgement.
FollowLeader(s) ==
  \E m \in messages :
    /\ m.type = AppendEntriesRequest
    /\ IsRepeated(m)
    /\ m.from # s
    /\ ~TermIsStale(s, m)
    /\ MayBeOverwritten(s, m)
    /\ \E effect \in Effects(s, m) : ReducedHandleAppendEntriesRequest(s, m, effect)

\* A server in the leader's or candidate's older term refuses, and s learns the term.
HearRefusal(s) ==
  /\ role[s] # Follower
  /\ \E p \in available : LearnTerm(s, currentTerm[p])

\* s hears of a larger term by a request of s that it refuses, or by a heartbeat.
HearLargerTerm(s) ==
  \E m \in messages : IsRepeated(m) /\ LearnTerm(s, m.term)

Exchange(s) ==
  AnswerCandidate(s) \/ FollowLeader(s) \/ HearRefusal(s) \/ HearLargerTerm(s)

-----------------------------------------------------------------------------
(***************************************************************************)
(* Kind timing                                                             *)
(***************************************************************************)

\* Every exchange is over.
Quiet == \A s \in available : ~ENABLED (Exchange(s) \/ ReducedBecomeLeader(s))

\* No leader is there to be heard.
NoLeaderIsHeard ==
  ~\E s \in available :
     role[s] = Leader /\ \A p \in available : currentTerm[p] <= currentTerm[s]

\* s can win: the log of s is at least as up-to-date as those of a majority.
MayBeElected(s) ==
  IsMajority({p \in available :
    LogIsUpToDate(p, [lastLogIndex |-> LastIndex(s), lastLogTerm |-> LastTerm(s)])})

\* A model that leaves out an assumption bounds the terms with which it can go on failing.
TermsAreLeft(s) == TRUE

KindTimeout(s) ==
  /\ TermsAreLeft(s)
  /\ Quiet
  /\ NoLeaderIsHeard
  /\ MayBeElected(s)
  /\ ReducedTimeout(s)

\* A leader begins its term with an empty entry, without which it might never learn what
\* is committed (section 8).
BeginWithEmptyEntry(s) == ReducedAppendNoOp(s)

-----------------------------------------------------------------------------
(***************************************************************************)
(* Behaviours                                                              *)
(***************************************************************************)

\* A model bounds the steps before timing is kind, and the commands.
UnkindNext(s)  == FALSE
MayCommand(s)  == FALSE

\* A majority is available.
AreEnough(servers) == IsMajority(servers)

TimingBecomesKind ==
  /\ timing = "Unkind"
  /\ timing' = "Kind"
  /\ available' \in {servers \in SUBSET Server : AreEnough(servers)}
  /\ UNCHANGED vars

\* A step of s while timing is kind.
Kindly(s) == timing = "Kind" /\ s \in available /\ UNCHANGED <<timing, available>>

Unkind(s)             == timing = "Unkind" /\ UnkindNext(s) /\ UNCHANGED <<timing, available>>
TimeoutKindly(s)      == Kindly(s) /\ KindTimeout(s)
AnswerKindly(s)       == Kindly(s) /\ AnswerCandidate(s)
FollowKindly(s)       == Kindly(s) /\ FollowLeader(s)
HearRefusalKindly(s)  == Kindly(s) /\ HearRefusal(s)
HearTermKindly(s)     == Kindly(s) /\ HearLargerTerm(s)
BecomeLeaderKindly(s) == Kindly(s) /\ ReducedBecomeLeader(s)
EmptyEntryKindly(s)   == Kindly(s) /\ BeginWithEmptyEntry(s)
CommitKindly(s)       == Kindly(s) /\ CommitEntries(s)

\* What may also happen, of which nothing is assumed.
CommandKindly(s)          == Kindly(s) /\ MayCommand(s) /\ ReceiveCommand(s)
ReceiveLateVoteRequest(s) == Kindly(s) /\ ReceiveVoteRequest(s)
ReceiveLateEntries(s)     == Kindly(s) /\ ReceiveEntries(s)

LivenessInit == Init /\ timing = "Unkind" /\ available = Server

LivenessNext ==
  \/ TimingBecomesKind
  \/ \E s \in Server :
       \/ Unkind(s)
       \/ TimeoutKindly(s)
       \/ AnswerKindly(s)
       \/ FollowKindly(s)
       \/ HearRefusalKindly(s)
       \/ HearTermKindly(s)
       \/ BecomeLeaderKindly(s)
       \/ EmptyEntryKindly(s)
       \/ CommitKindly(s)
       \/ CommandKindly(s)
       \/ ReceiveLateVoteRequest(s)
       \/ ReceiveLateEntries(s)

(* Fairness, all of it weak: what stays possible is done in the end. *)

TimeoutsStrike    == \A s \in Server : WF_livenessVars(TimeoutKindly(s))
CandidatesHear    == \A s \in Server : WF_livenessVars(AnswerKindly(s))
FollowersHear     == \A s \in Server : WF_livenessVars(FollowKindly(s))
RefusalsArrive    == \A s \in Server : WF_livenessVars(HearRefusalKindly(s))
TermsSpread       == \A s \in Server : WF_livenessVars(HearTermKindly(s))
WinnersLead       == \A s \in Server : WF_livenessVars(BecomeLeaderKindly(s))
LeadersBegin      == \A s \in Server : WF_livenessVars(EmptyEntryKindly(s))
LeadersCommit     == \A s \in Server : WF_livenessVars(CommitKindly(s))

Fairness ==
  /\ TimeoutsStrike
  /\ CandidatesHear
  /\ FollowersHear
  /\ RefusalsArrive
  /\ TermsSpread
  /\ WinnersLead
  /\ LeadersBegin
  /\ LeadersCommit

LivenessSpec == LivenessInit /\ [][LivenessNext]_livenessVars /\ Fairness

-----------------------------------------------------------------------------
(***************************************************************************)
(* What is promised                                                        *)
(***************************************************************************)

\* s leads, and all that are available follow it.
LeadsAll(s) ==
  /\ role[s] = Leader
  /\ \A p \in available \ {s} : currentTerm[p] = currentTerm[s] /\ role[p] = Follower

\* Once timing is kind, a leader is elected in the end, and remains.
LeaderIsElected ==
  <>[](timing = "Kind" => \E s \in available : LeadsAll(s))

\* Whatever is in the log of s has been executed by all that are available.
AllHaveExecuted(s) ==
  \A p \in available : log[p] = log[s] /\ lastApplied[p] = Len(log[s])

\* Once timing is kind, what the leader that remains has accepted, and all that it found
\* in its log, is executed in the end by all servers that are available.
CommandsAreExecuted ==
  <>[](timing = "Kind" => \E s \in available : LeadsAll(s) /\ AllHaveExecuted(s))

=============================================================================

---- MODULE MutatedSteps ----
(***************************************************************************)
(* From every state of recorded traces, steps that no Raft takes: any of   *)
(* the variables of one server, and the history, changed at random.  The   *)
(* properties are evaluated on each, in full and incrementally.            *)
(***************************************************************************)
EXTENDS TraceRaft

StepsAState == 12

\* One time in four another value, of these; else the same.
Perhaps(values, value) == IF RandomElement(1 .. 4) = 1 THEN RandomElement(values) ELSE value

AnyIndex(s) == 0 .. (LastIndex(s) + 1)
AnyTerm(s)  == 0 .. (currentTerm[s] + 2)
AnyEntry(s) == [term : 1 .. (currentTerm[s] + 1), command : {0, 1, 2}]

\* The log cut, appended to, with one entry replaced, or that of another server.
AnyLog(s) ==
  LET entries == log[s]
  IN  {SubSeq(entries, 1, length) : length \in 0 .. Len(entries)}
      \cup {Append(entries, entry) : entry \in AnyEntry(s)}
      \cup {[entries EXCEPT ![index] = RandomElement(AnyEntry(s))] : index \in 1 .. Len(entries)}
      \cup {log[p] : p \in Server}

AnyCommitted(s) ==
  {committed}
  \cup {[committed EXCEPT ![index].term = RandomElement(AnyTerm(s))] :
          index \in 1 .. Len(committed)}
  \cup {[committed EXCEPT ![index].entry = RandomElement(AnyEntry(s))] :
          index \in 1 .. Len(committed)}
  \cup (IF Len(committed) < LastIndex(s)
        THEN {Append(committed, [term |-> term, entry |-> log[s][Len(committed) + 1]]) :
                term \in AnyTerm(s)}
        ELSE {})

\* Reads that wait for this and that.
AnyReads(s) ==
  {{}} \cup {{[round |-> of, index |-> index, committedBefore |-> Len(committed)]} :
               of \in 1 .. 2, index \in AnyIndex(s)}

\* An answer that saw less than it had to, and one that saw enough.
AnyAnswers ==
  {{[committedBefore |-> 1, lastApplied |-> seen]} : seen \in 0 .. 1}

AnyMessages(s) ==
  {{}}
  \cup {{[type |-> AppendEntriesRequest, from |-> s, to |-> p, term |-> term,
           prevLogIndex |-> index, prevLogTerm |-> 1, entries |-> <<>>, leaderCommit |-> 0]} :
           p \in Peers(s), term \in AnyTerm(s), index \in 0 .. LastIndex(s)}
  \cup {{[type |-> RequestVoteRequest, from |-> s, to |-> p, term |-> term,
               lastLogIndex |-> LastIndex(s), lastLogTerm |-> LastTerm(s)]} :
               p \in Peers(s), term \in AnyTerm(s)}
  \cup {{[type |-> ConfirmLeadershipRequest, from |-> s, to |-> p, term |-> term, round |-> 1]} :
           p \in Peers(s), term \in AnyTerm(s)}

Mutation(s) ==
  /\ currentTerm'  = [currentTerm EXCEPT ![s] = Perhaps(AnyTerm(s), @)]
  /\ votedFor'     = [votedFor EXCEPT ![s] = Perhaps(Server \cup {Nil}, @)]
  /\ log'          = [log EXCEPT ![s] = Perhaps(AnyLog(s), @)]
  /\ role'         = [role EXCEPT ![s] = Perhaps({Follower, Candidate, Leader}, @)]
  /\ commitIndex'  = [commitIndex EXCEPT ![s] = Perhaps(AnyIndex(s), @)]
  /\ lastApplied'  = [lastApplied EXCEPT ![s] = Perhaps(AnyIndex(s), @)]
  /\ votesGranted' = [votesGranted EXCEPT ![s] = Perhaps({{}, Server}, @)]
  /\ nextIndex'    = [nextIndex EXCEPT ![s] =
                        [p \in Server |-> Perhaps(1 .. (LastIndex(s) + 2), @[p])]]
  /\ matchIndex'   = [matchIndex EXCEPT ![s] = [p \in Server |-> Perhaps(AnyIndex(s), @[p])]]
  /\ snapshotIndex' = [snapshotIndex EXCEPT ![s] = Perhaps(AnyIndex(s), @)]
  /\ round'        = [round EXCEPT ![s] = Perhaps(0 .. 2, @)]
  /\ reads'        = [reads EXCEPT ![s] = Perhaps(AnyReads(s), @)]
  /\ confirmedRound' = [confirmedRound EXCEPT ![s] =
                          [p \in Server |-> Perhaps(0 .. 2, @[p])]]
  /\ answered'     = Perhaps(AnyAnswers, answered)
  /\ elections'    = elections \cup
                       Perhaps({{[term |-> term, leader |-> s]} : term \in AnyTerm(s)}, {})
  /\ committed'    = Perhaps(AnyCommitted(s), committed)
  /\ sent'         = Perhaps(AnyMessages(s), {})
  /\ messages'     = messages \cup sent'
  /\ UNCHANGED <<trace, position>>

Names(properties) == {properties[k][1] : k \in DOMAIN properties}

MutatedNext ==
  \/ TraceNext
  \/ \E s \in Server : \E sample \in 1 .. StepsAState :
       /\ Mutation(s)
       /\ PrintT(<<"verdict", trace, position, "MUTATED",
                   << <<Names(WholeBroken), Names(IncrementalBroken(s))>> >>,
                   << <<s, sample>> >> >>)
       /\ FALSE
====

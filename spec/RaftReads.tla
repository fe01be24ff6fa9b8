------------------------------ MODULE RaftReads ------------------------------
(***************************************************************************)
(* Reads without a log entry (section 8 of the paper; ReadIndex in section *)
(* 6.4 of Ongaro's dissertation, "Consensus: Bridging Theory and           *)
(* Practice", 2014), as a module on top of Raft.                           *)
(*                                                                         *)
(* A leader answers a read from its own state machine.  Before it does, it *)
(* makes sure of two things: that its commit index covers all that was     *)
(* ever committed before its term, which it knows once an entry of its own *)
(* term is committed; and that it was still the leader after it was asked, *)
(* which a majority confirms.  A confirmation carries the *round* it       *)
(* answers: one of the right term may be a duplicate of an older one, and  *)
(* proves nothing.                                                         *)
(*                                                                         *)
(* Rounds and reads are volatile and end with the leadership.  One round   *)
(* confirms all reads that were asked before it began.                     *)
(*                                                                         *)
(* Left out: leases, which rest on clocks, and safety must not.            *)
(***************************************************************************)
EXTENDS RaftProperties

\* The RPC by which a leader has its leadership confirmed: a heartbeat that counts.
ConfirmLeadershipRequest  == "ConfirmLeadershipRequest"
ConfirmLeadershipResponse == "ConfirmLeadershipResponse"

VARIABLES
  \* Volatile, of a leader; in the other roles 0, 0 and {}.
  round,           \* the latest round that it has begun
  confirmedRound,  \* for each other server the latest round that it confirmed
  reads            \* the reads that wait, each [round, index, committedBefore]

VARIABLE
  \* History: the reads that were answered, each [committedBefore, lastApplied]: how much
  \* was committed, by any leader, when it was asked, and how much it saw.
  answered

readVars == <<round, confirmedRound, reads, answered>>

ReadsTypeOKOf(s) ==
  /\ round[s] \in Nat
  /\ \A p \in Server : confirmedRound[s][p] \in Nat
  /\ \A read \in reads[s] :
       /\ read.round \in Nat
       /\ read.index \in 0 .. commitIndex[s]
       /\ read.committedBefore \in Nat

ReadsTypeOK ==
  /\ \A s \in Server : ReadsTypeOKOf(s)
  /\ \A read \in answered : read.committedBefore \in Nat /\ read.lastApplied \in Nat

ReadMessageTypeOK(m) ==
  m.from \in Server /\ m.to \in Server \ {m.from} /\ m.term \in Nat /\ m.round \in Nat

-----------------------------------------------------------------------------
(***************************************************************************)
(* Rules                                                                   *)
(***************************************************************************)

\* A leader knows what was committed before its term once an entry of its term is.
HasCommittedInTerm(s) == TermAt(log[s], commitIndex[s]) = currentTerm[s]

\* A read is confirmed by a round that begins after it was asked.
RoundOfRead(s) == round[s] + 1

\* A read sees at least what was committed, for all the leader knew, when it was asked.
IndexOfRead(s) == commitIndex[s]

\* A confirmation counts in the term it was given in, no other.
ConfirmationIsOfThisTerm(s, m) == m.term = currentTerm[s]

\* A confirmation counts for the round it answers and those before.
ConfirmersOf(s, read) == {s} \cup {p \in Peers(s) : confirmedRound[s][p] >= read.round}

\* A read waits until what it must see is applied.
MayAnswer(s, read) == lastApplied[s] >= read.index

-----------------------------------------------------------------------------
(***************************************************************************)
(* Steps of Raft                                                           *)
(***************************************************************************)

ReadsInit ==
  /\ round          = [s \in Server |-> 0]
  /\ confirmedRound = [s \in Server |-> [p \in Server |-> 0]]
  /\ reads          = [s \in Server |-> {}]
  /\ answered       = {}

\* What a leader keeps for reads ends with its leadership.  A step of s that may end it
\* says this once role' is known.
ReadsEndWithRole(s) ==
  IF role[s] = Leader /\ role'[s] # Leader
  THEN /\ round' = [round EXCEPT ![s] = 0]
       /\ confirmedRound' = [confirmedRound EXCEPT ![s] = [p \in Server |-> 0]]
       /\ reads' = [reads EXCEPT ![s] = {}]
       /\ UNCHANGED answered
  ELSE UNCHANGED readVars

-----------------------------------------------------------------------------
(***************************************************************************)
(* Reads                                                                   *)
(***************************************************************************)

\* The leader s is asked to read.
ReadRequest(s) ==
  /\ role[s] = Leader
  /\ HasCommittedInTerm(s)
  /\ reads' = [reads EXCEPT ![s] =
                 @ \cup {[round           |-> RoundOfRead(s),
                          index           |-> IndexOfRead(s),
                          committedBefore |-> Len(committed)]}]
  /\ Send({})
  /\ UNCHANGED <<round, confirmedRound, answered, persistentVars, volatileVars, historyVars>>

\* The leader s begins a round: it asks all others whether it still leads.
ConfirmLeadership(s) ==
  /\ role[s] = Leader
  /\ round' = [round EXCEPT ![s] = @ + 1]
  /\ Send({[type  |-> ConfirmLeadershipRequest,
            from  |-> s,
            to    |-> p,
            term  |-> currentTerm[s],
            round |-> round[s] + 1] : p \in Peers(s)})
  /\ UNCHANGED <<confirmedRound, reads, answered, persistentVars, volatileVars, historyVars>>

\* The round that the answer to the question m confirms.  A question of a smaller term is
\* answered with the larger, which the one who asked may lead by the time it hears of it:
\* its answer confirms no round of that leadership.
RoundConfirmed(s, m) == IF TermIsStale(s, m) THEN 0 ELSE m.round

\* s receives the question of a leader of some term, and answers.  One of a smaller term
\* is told the larger, and learns from it that it leads no longer.
HandleConfirmLeadershipRequest(s, m) ==
  /\ CanReceive(m)
  /\ m.type = ConfirmLeadershipRequest
  /\ m.to = s
  /\ MayBeOverwritten(s, m)
  /\ HearLeader(s, m)
  /\ Send({[type  |-> ConfirmLeadershipResponse,
            from  |-> s,
            to    |-> m.from,
            term  |-> TermAfter(s, m),
            round |-> RoundConfirmed(s, m)]})
  /\ ReadsEndWithRole(s)
  /\ UNCHANGED <<log, commitIndex, lastApplied, historyVars>>

\* s receives the answer to its question.
HandleConfirmLeadershipResponse(s, m) ==
  /\ CanReceive(m)
  /\ m.type = ConfirmLeadershipResponse
  /\ m.to = s
  /\ IF TermIsLarger(s, m)
     THEN AdoptTerm(s, m) /\ ReadsEndWithRole(s)
     ELSE IF role[s] = Leader /\ ConfirmationIsOfThisTerm(s, m)
     THEN /\ confirmedRound' = [confirmedRound EXCEPT ![s][m.from] = Max(@, m.round)]
          /\ Send({})
          /\ UNCHANGED <<round, reads, answered, persistentVars, volatileVars, historyVars>>
     ELSE Ignore /\ UNCHANGED readVars

\* The history of answers, once s answers the read.
AnsweredAfter(s, read) ==
  answered \cup {[committedBefore |-> read.committedBefore, lastApplied |-> lastApplied[s]]}

\* The leader s answers a read from its state machine.
AnswerRead(s, read) ==
  /\ role[s] = Leader
  /\ read \in reads[s]
  /\ IsMajority(ConfirmersOf(s, read))
  /\ MayAnswer(s, read)
  /\ reads'    = [reads EXCEPT ![s] = @ \ {read}]
  /\ answered' = AnsweredAfter(s, read)
  /\ Send({})
  /\ UNCHANGED <<round, confirmedRound, persistentVars, volatileVars, historyVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* The protocol                                                            *)
(***************************************************************************)

\* A step of Raft by s.
StepWithoutReads(s) ==
  /\ \/ Timeout(s)
     \/ \E m \in messages : Receive(s, m)
     \/ BecomeLeader(s)
     \/ \E command \in Command : ClientRequest(s, command)
     \/ AppendNoOp(s)
     \/ SendSomeEntries(s)
     \/ \E index \in 1 .. LastIndex(s) : AdvanceCommitIndex(s, index)
     \/ \E index \in 1 .. LastIndex(s) : Apply(s, index)
     \/ Restart(s)
  /\ ReadsEndWithRole(s)

ReadStep(s) ==
  \/ ReadRequest(s)
  \/ ConfirmLeadership(s)
  \/ \E m \in messages : HandleConfirmLeadershipRequest(s, m)
  \/ \E m \in messages : HandleConfirmLeadershipResponse(s, m)
  \/ \E read \in reads[s] : AnswerRead(s, read)

ReadsNext == \E s \in Server : StepWithoutReads(s) \/ ReadStep(s)

ReadsSpec == Init /\ ReadsInit /\ [][ReadsNext]_<<vars, readVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* What reads promise                                                      *)
(***************************************************************************)

\* A read sees all that was committed, by whichever leader, before it was asked: reads are
\* linearizable (section 8).
SeesWhatWasCommitted(read) == read.lastApplied >= read.committedBefore

ReadsSeeWhatWasCommitted == \A read \in answered : SeesWhatWasCommitted(read)

\* What waits at a leader belongs to its leadership.
HasReadsAsLeader(s) == role[s] # Leader => reads[s] = {} /\ round[s] = 0

OnlyLeadersHaveReads == \A s \in Server : HasReadsAsLeader(s)

=============================================================================

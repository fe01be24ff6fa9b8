-------------------------- MODULE MCReadsRestricted --------------------------
(***************************************************************************)
(* A part of the behaviours of RaftReads, in the manner of MCRestricted:   *)
(* the protocol is unchanged, only which of the enabled steps are taken is *)
(* restricted.                                                             *)
(*                                                                         *)
(* Besides what MCRestricted restricts, each leader begins at most         *)
(* MaxRound rounds and is asked at most one read for each; leaders apply   *)
(* what they commit.  Confirmations may be received again.                 *)
(***************************************************************************)
EXTENDS MCRestricted, ForgottenReadRules

CONSTANT MaxRound  \* no leader begins more rounds than this

readModelVars == <<modelVars, readVars>>

\* Only leaders apply: a follower's state machine answers no read.
LeadersApply(s) == role[s] = Leader

\* s may begin a round.
MayConfirm(s) == round[s] < MaxRound

\* A confirmation can still count.
ConfirmationMatters(m) ==
  m.term = currentTerm[m.to] /\ role[m.to] = Leader

\* For Matters of MCRestricted: receiving m could still change something.
MattersWithReads(m) ==
  /\ m.term >= currentTerm[m.to]
  /\ CASE m.type \in {RequestVoteRequest, AppendEntriesRequest} -> IsAwaited(m)
       [] m.type = ConfirmLeadershipRequest -> IsAwaited(m)
       [] m.type = RequestVoteResponse ->
            m.voteGranted /\ m.term = currentTerm[m.to] /\ role[m.to] = Candidate
       [] m.type = AppendEntriesResponse ->
            /\ m.success /\ m.term = currentTerm[m.to] /\ role[m.to] = Leader
            /\ m.matchIndex > matchIndex[m.to][m.from]
       [] m.type = ConfirmLeadershipResponse -> ConfirmationMatters(m)

TakeReadRequest(s) ==
  /\ \A read \in reads[s] : read.round # RoundOfRead(s)
  /\ RoundOfRead(s) <= MaxRound
  /\ ReadRequest(s)
  /\ Ends([action |-> "ReadRequest", server |-> s], {})

TakeConfirmLeadership(s) ==
  /\ MayConfirm(s)
  /\ ConfirmLeadership(s)
  /\ Ends([action |-> "ConfirmLeadership", server |-> s], {})

TakeReceiveConfirmation(s) ==
  \E m \in messages :
    /\ \/ HandleConfirmLeadershipRequest(s, m)
       \/ HandleConfirmLeadershipResponse(s, m)
    /\ Ends([action |-> "Handle" \o m.type, server |-> s, message |-> m], {})

TakeAnswerRead(s) ==
  \E read \in reads[s] :
    /\ AnswerRead(s, read)
    /\ Ends([action |-> "AnswerRead", server |-> s, read |-> read], {})

TakeRaftStep(s) ==
  /\ \/ TakeTimeout(s)
     \/ TakeReceive(s)
     \/ TakeBecomeLeader(s)
     \/ TakeClientRequest(s)
     \/ TakeSendAppendEntries(s)
     \/ TakeAdvanceCommitIndex(s)
     \/ TakeApply(s)
     \/ TakeRestart(s)
  /\ ReadsEndWithRole(s)

ReadsRestrictedNext ==
  \E s \in Server :
    \/ TakeRaftStep(s)
    \/ TakeReadRequest(s)
    \/ TakeConfirmLeadership(s)
    \/ TakeReceiveConfirmation(s)
    \/ TakeAnswerRead(s)

ReadsRestrictedSpec ==
  RestrictedInit /\ ReadsInit /\ [][ReadsRestrictedNext]_readModelVars

ReadsView == <<vars, readVars>>

=============================================================================

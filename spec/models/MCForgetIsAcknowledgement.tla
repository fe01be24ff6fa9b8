--------------------- MODULE MCForgetIsAcknowledgement ----------------------
(***************************************************************************)
(* A refusal acknowledges the prevLogIndex that it refuses (section 5.3).  *)
(* s1 leads the only term, appends one entry, and sends heartbeats and its *)
(* log; s3 is cut off.                                                     *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>

FirstTwo == <<{s1, s2}>>

\* All of the log, or a heartbeat at its end.
AllOrAtTheEnd(s, p) == IF log[s] = <<>> THEN {} ELSE WholeLog(s) \cup {<<LastIndex(s), 0>>}

\* Here a refusal matters too.
StillMatters(m) ==
  /\ m.term >= currentTerm[m.to]
  /\ m.type = RequestVoteResponse => role[m.to] = Candidate
  /\ m.type = AppendEntriesResponse => role[m.to] = Leader

=============================================================================

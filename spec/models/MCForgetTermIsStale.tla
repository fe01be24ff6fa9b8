------------------------ MODULE MCForgetTermIsStale -------------------------
(***************************************************************************)
(* A request of a smaller term is obeyed: what a deposed leader sent long  *)
(* ago erases what was committed since (section 5.1).  s1 begins the first *)
(* term with the vote of s2, s2 the second with that of s3.                *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
AllThenTwo == <<Server, {s2, s3}>>

\* s1 is not heard by s3 when it asks for votes.
AsksOne(m) ==
  /\ {m.from, m.to} \subseteq Connected[m.term]
  /\ m.type = RequestVoteRequest => m.to # s3 \/ m.from # s1

\* Here a stale request matters too.
StillMatters(m) ==
  CASE m.type = RequestVoteRequest -> m.term >= currentTerm[m.to]
    [] m.type = RequestVoteResponse ->
         m.voteGranted /\ m.term = currentTerm[m.to] /\ role[m.to] = Candidate
    [] m.type = AppendEntriesRequest -> TRUE
    [] m.type = AppendEntriesResponse ->
         /\ m.success /\ m.term = currentTerm[m.to] /\ role[m.to] = Leader
         /\ m.matchIndex > matchIndex[m.to][m.from]

=============================================================================

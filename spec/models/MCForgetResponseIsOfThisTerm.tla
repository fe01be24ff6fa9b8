-------------------- MODULE MCForgetResponseIsOfThisTerm --------------------
(***************************************************************************)
(* An acknowledgement counts in whatever term its leader leads (section    *)
(* 5.3).                                                                   *)
(* s1 leads term 1 and has s3 acknowledge two entries; s2 leads term 2 and *)
(* cuts these from the log of s1; s1 leads term 3, and takes the           *)
(* acknowledgement for one of what now stands there.                       *)
(* It takes five servers: of three, the leader and the one that            *)
(* acknowledges are a majority, so what they hold is in the log of every   *)
(* later leader, and is never cut; of four, the two outside cannot elect   *)
(* one either.                                                             *)
(***************************************************************************)
EXTENDS MCRestricted

CONSTANTS s4, s5  \* besides s1, s2 and s3

TurnByTurn == <<{s1}, {s2}, {s1}>>
TwoThenOneEach == <<2, 1, 1>>
ThreeThenFourThenThree == <<{s1, s2, s3}, {s1, s2, s4, s5}, {s1, s4, s5}>>

\* In each term the log goes to one server, once all of it is there.
ToOneEach(s, p) ==
  IF /\ role[s] = Leader
     /\ p = <<s3, s1, s4>>[currentTerm[s]]
     /\ LastIndex(s) = <<2, 1, 2>>[currentTerm[s]]
  THEN WholeLog(s) ELSE {}

\* Here an old acknowledgement matters too.
StillMatters(m) ==
  CASE m.type \in {RequestVoteRequest, AppendEntriesRequest} ->
         IsAwaited(m) /\ m.term >= currentTerm[m.to]
    [] m.type = RequestVoteResponse ->
         m.voteGranted /\ m.term = currentTerm[m.to] /\ role[m.to] = Candidate
    [] m.type = AppendEntriesResponse -> m.success

=============================================================================

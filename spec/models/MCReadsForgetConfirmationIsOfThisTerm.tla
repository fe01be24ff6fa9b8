---------------- MODULE MCReadsForgetConfirmationIsOfThisTerm ----------------
(***************************************************************************)
(* A confirmation of an earlier leadership of the same server counts in    *)
(* its next one. s1 leads the terms 1 and 2, between which it restarts,    *)
(* and s3 the term 3. Only in term 1 does s1 ask whether it leads, and it  *)
(* is answered late.                                                       *)
(***************************************************************************)
EXTENDS MCReadsRestricted

TwiceThenDeposed == <<{s1}, {s1}, {s3}>>
NothingAtFirst == <<0, 1, 1>>
Overlapping == <<{s1, s2}, {s1, s3}, {s2, s3}>>
AsksInTermOne(s) == round[s] < MaxRound /\ currentTerm[s] = 1
RestartsInTermOne(s) == s = s1 /\ currentTerm[s] = 1 /\ role[s] = Leader

\* As MattersWithReads, but an old confirmation may arrive late.
MattersForLong(m) ==
  IF m.type = ConfirmLeadershipResponse
  THEN TRUE
  ELSE MattersWithReads(m)

=============================================================================

------------------------- MODULE MCReadsStaleQuestion -------------------------
(***************************************************************************)
(* The question of an earlier leadership arrives late, when its receiver   *)
(* follows the same leader in a later term.  s1 leads the terms 1 and 2,   *)
(* between which it restarts, and s3 the term 3.  Only in term 1 does s1   *)
(* ask whether it leads, and s3 may receive that question at any time.     *)
(***************************************************************************)
EXTENDS MCReadsRestricted

TwiceThenDeposed == <<{s1}, {s1}, {s3}>>
NothingAtFirst == <<0, 1, 1>>
Overlapping == <<{s1, s3}, {s1, s3}, {s2, s3}>>
AsksInTermOne(s) == round[s] < MaxRound /\ currentTerm[s] = 1
RestartsInTermOne(s) == s = s1 /\ currentTerm[s] = 1 /\ role[s] = Leader

\* As MattersWithReads, but an old question may arrive late.
MattersForLong(m) == m.type = ConfirmLeadershipRequest \/ MattersWithReads(m)

=============================================================================

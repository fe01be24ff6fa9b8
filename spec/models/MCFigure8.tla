----------------------------- MODULE MCFigure8 ------------------------------
(***************************************************************************)
(* Figure 8 as it is in the paper, with nothing forgotten: what is on a    *)
(* majority is not for good, unless it is committed (section 5.4.2). s1    *)
(* leads term 3 and brings an entry of term 1 onto a majority, (c) in the  *)
(* figure; it may not commit it by counting; s2, which has an entry of     *)
(* term 2, leads term 4 and overwrites it, (d).  The property              *)
(* MajorityIsForGood is wrong on purpose: its counterexample is the        *)
(* behaviour to see.  Two servers take turns at leading. Entries are       *)
(* appended in the first two terms and not yet sent there; terms 3 and 4   *)
(* send to s3 alone.                                                       *)
(***************************************************************************)
EXTENDS MCRestricted

TurnByTurn == <<{s1}, {s2}, {s1}, {s2}>>
OneEachAtFirst == <<1, 1, 0, 0>>
FirstTwoThenAll == <<{s1, s2}, Server, Server, {s2, s3}>>
LaterToThird(s, p) ==
  IF currentTerm[s] > 2 /\ p = s3 /\ log[s] # <<>> THEN WholeLog(s) ELSE {}

\* Who holds an entry at an index in these logs.
HoldersIn(logs, index, entry) ==
  {p \in Server : index <= Len(logs[p]) /\ logs[p][index] = entry}

\* An entry that is on a majority stays on one.
MajorityIsForGoodStep ==
  \A s \in Server : \A index \in 1 .. LastIndex(s) :
    IsTrueMajority(HoldersIn(log, index, log[s][index])) =>
      IsTrueMajority(HoldersIn(log', index, log[s][index]))

MajorityIsForGood == [][MajorityIsForGoodStep]_vars

=============================================================================

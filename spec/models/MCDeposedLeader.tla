-------------------------- MODULE MCDeposedLeader ---------------------------
(***************************************************************************)
(* A deposed leader with a tail (section 5.3, Figure 7): s1 leads term 1   *)
(* and appends two entries that reach nobody; s2 leads term 2, and its one *)
(* entry cuts the tail of s1.                                              *)
(* The property NoTailIsCut is wrong on purpose: its counterexample is the *)
(* behaviour to see.                                                       *)
(* s1 begins the first term and sends nothing; s2 begins the second, with  *)
(* the vote of s3, and sends its log to s1.                                *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
TwoThenOne == <<2, 1>>
FirstTwoThenAll == <<{s1, s2}, Server>>
SecondToFirst(s, p) == IF s = s2 /\ p = s1 /\ log[s] # <<>> THEN WholeLog(s) ELSE {}

\* No log becomes shorter.
NoTailIsCutStep == \A s \in Server : Len(log'[s]) >= Len(log[s])

NoTailIsCut == [][NoTailIsCutStep]_vars

=============================================================================

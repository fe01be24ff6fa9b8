-------------------------- MODULE MCForgetMayApply --------------------------
(***************************************************************************)
(* Entries are applied before they are committed: two servers apply        *)
(* different ones at the same index (section 5.3).                         *)
(* s1 begins the first term and sends nothing, s2 begins the second and    *)
(* sends its log to s1.                                                    *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
FirstTwoThenAll == <<{s1, s2}, Server>>
SecondToFirst(s, p) == IF s = s2 /\ p = s1 /\ log[s] # <<>> THEN WholeLog(s) ELSE {}
AppliesWhatItMay(s) == TRUE

=============================================================================

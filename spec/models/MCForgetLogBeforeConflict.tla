--------------------- MODULE MCForgetLogBeforeConflict ----------------------
(***************************************************************************)
(* An entry that conflicts erases nothing: new entries stand behind those  *)
(* of a deposed leader (section 5.3).                                      *)
(* s1 leads the first term and appends one entry, which it does not send;  *)
(* s2 leads the second, appends up to two and sends its log to s1.         *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
OneThenTwo == <<1, 2>>
FirstTwoThenAll == <<{s1, s2}, Server>>
SecondToFirst(s, p) == IF s = s2 /\ p = s1 /\ log[s] # <<>> THEN WholeLog(s) ELSE {}

=============================================================================

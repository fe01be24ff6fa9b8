-------------------- MODULE MCForgetPreviousTermMatches ---------------------
(***************************************************************************)
(* Entries are appended to whatever stands before them (section 5.3).      *)
(* s1 leads the first term and appends one entry, which it does not send;  *)
(* s2 leads the second, appends two and sends s1 the last of its log each  *)
(* time.                                                                   *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
OneThenTwo == <<1, 2>>
FirstTwoThenAll == <<{s1, s2}, Server>>
LastToFirst(s, p) ==
  IF s = s2 /\ p = s1 /\ LastIndex(s) > 0 THEN {<<LastIndex(s) - 1, 1>>} ELSE {}

=============================================================================

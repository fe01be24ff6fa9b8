--------------------- MODULE MCForgetAcknowledgedIndex ----------------------
(***************************************************************************)
(* A follower acknowledges all of its log, and with it a deposed leader's  *)
(* entry that the new leader does not have (section 5.3).                  *)
(* s1 begins the first term and sends nothing; s2 begins the second, and   *)
(* sends its log and heartbeats to s1.                                     *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
FirstTwoThenAll == <<{s1, s2}, Server>>
SecondToFirst(s, p) == IF s = s2 /\ p = s1 THEN {<<0, 0>>} \cup WholeLog(s) ELSE {}

=============================================================================

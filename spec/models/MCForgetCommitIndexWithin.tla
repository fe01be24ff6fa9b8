--------------------- MODULE MCForgetCommitIndexWithin ----------------------
(***************************************************************************)
(* A follower commits as far as the leader, whatever it holds there: an    *)
(* entry of a deposed leader (section 5.3).                                *)
(* s1 begins the first term and sends nothing; s2 begins the second, and   *)
(* sends its log to s3 and heartbeats to s1.                               *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenSecond == <<{s1}, {s2}>>
FirstTwoThenAll == <<{s1, s2}, Server>>
OneHearsEntries(s, p) ==
  CASE s = s2 /\ p = s3 -> WholeLog(s)
    [] s = s2 /\ p = s1 -> {<<0, 0>>}
    [] OTHER -> {}

=============================================================================

---------------------- MODULE MCForgetRoleUnderLeader -----------------------
(***************************************************************************)
(* A candidate that hears of the leader of its term stays a candidate      *)
(* (section 5.2).  Nothing falls, and the model passes: the leader has the *)
(* votes of a majority, so this candidate cannot win that term, and as a   *)
(* candidate it takes entries as a follower does.  It costs no more than a *)
(* needless election.                                                      *)
(* Two terms, one entry; s1 or s2 begins the first term, s2 the second, of *)
(* which s3 hears nothing.                                                 *)
(***************************************************************************)
EXTENDS MCRestricted

EitherThenSecond == <<{s1, s2}, {s2}>>
AllThenFirstTwo == <<Server, {s1, s2}>>

=============================================================================

---------------------- MODULE MCForgetVoteInLargerTerm ----------------------
(***************************************************************************)
(* A vote is kept in larger terms (section 5.1).  This costs liveness: who  *)
(* has voted once can vote for no other, nor for anyone where that one is   *)
(* down.                                                                    *)
(* Nothing unsafe happens, since a server votes less often: the model       *)
(* passes.                                                                  *)
(* Two terms, one entry; s1 begins the first term, s1 or s2 the second; s3  *)
(* is in no other position than s2.                                         *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenFirstTwo == <<{s1}, {s1, s2}>>

ForgottenVoteInLargerTerm(s) == votedFor[s]

=============================================================================

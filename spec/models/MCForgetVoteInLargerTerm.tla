---------------------- MODULE MCForgetVoteInLargerTerm ----------------------
(***************************************************************************)
(* A vote is kept in larger terms (section 5.1).  This costs liveness: who *)
(* has voted once can vote for no other ever after, whether that one is up *)
(* or down (MCLivenessForgetVoteInLargerTerm).  Nothing unsafe happens,    *)
(* since votes are fewer and none is given twice: the model passes.        *)
(* Two terms, one entry; s1 begins the first term, of which s3 hears       *)
(* nothing, and s1 or s2 the second.                                       *)
(***************************************************************************)
EXTENDS MCRestricted

FirstThenFirstTwo == <<{s1}, {s1, s2}>>
FirstTwoThenAll == <<{s1, s2}, Server>>

=============================================================================

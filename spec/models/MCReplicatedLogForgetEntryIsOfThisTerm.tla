---------------- MODULE MCReplicatedLogForgetEntryIsOfThisTerm ----------------
(***************************************************************************)
(* Figure 8: a leader that commits an entry of an older term by counting    *)
(* does not implement ReplicatedLog.  One vote a term and Log Matching, on  *)
(* which RaftReduced leans, do not need this rule, and are among the        *)
(* properties.                                                              *)
(*                                                                          *)
(* To be quick it takes only those steps in which s1 and s2 begin terms by  *)
(* turns; what is found is a behaviour of RaftReduced all the same.         *)
(***************************************************************************)
EXTENDS MCReducedReplicatedLog

CONSTANTS s1, s2

ForgottenEntryIsOfThisTerm(s, index) == TRUE

ByTurns(s) ==
  /\ currentTerm[s] < MaxTerm
  /\ s = IF currentTerm[s] % 2 = 0 THEN s1 ELSE s2
  /\ ReducedTimeout(s)

=============================================================================

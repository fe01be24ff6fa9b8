---------------- MODULE MCReplicatedLogForgetEntryIsOfThisTerm ----------------
(***************************************************************************)
(* Figure 8: a leader that commits an entry of an older term by counting    *)
(* does not implement ReplicatedLog.  One vote a term and Log Matching, on  *)
(* which RaftReduced leans, do not need this rule, and are among the        *)
(* properties.                                                              *)
(***************************************************************************)
EXTENDS MCReducedReplicatedLog

ForgottenEntryIsOfThisTerm(s, index) == TRUE

=============================================================================

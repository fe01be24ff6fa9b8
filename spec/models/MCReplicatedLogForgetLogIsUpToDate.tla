------------------ MODULE MCReplicatedLogForgetLogIsUpToDate ------------------
(***************************************************************************)
(* Where a server votes for a candidate whose log is behind, what was      *)
(* chosen is lost and something else applied in its place: this does not   *)
(* implement ReplicatedLog.  One vote a term and Log Matching, on which    *)
(* RaftReduced leans, do not need this rule, and are among the properties. *)
(***************************************************************************)
EXTENDS MCReducedReplicatedLog, ForgottenRules

=============================================================================

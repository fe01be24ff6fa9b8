-------------------- MODULE MCReplicatedLogForgetMayApply ---------------------
(***************************************************************************)
(* A server that applies what is not committed does not implement          *)
(* ReplicatedLog.                                                          *)
(***************************************************************************)
EXTENDS MCReplicatedLog, ForgottenRules

=============================================================================

----------------------- MODULE MCReducedReplicatedLog ------------------------
(***************************************************************************)
(* RaftReduced implements ReplicatedLog, at bounds that Raft.tla with      *)
(* every message kept does not reach.                                      *)
(***************************************************************************)
EXTENDS MCReduced, RaftIsReplicatedLog
=============================================================================

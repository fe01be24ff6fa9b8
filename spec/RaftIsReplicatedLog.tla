------------------------- MODULE RaftIsReplicatedLog -------------------------
(***************************************************************************)
(* Raft implements ReplicatedLog.  The mapping reads:                      *)
(*                                                                         *)
(*   chosen   is what some leader has committed: the history `committed`   *)
(*            without its terms;                                           *)
(*   applied  is, of each server, the part of its log that it has applied. *)
(*                                                                         *)
(* Then AdvanceCommitIndex is Choose where it commits what nobody had      *)
(* committed before; Apply is ApplyChosen; Restart is ForgetApplied; and   *)
(* every other action of Raft changes nothing.  That a server's log holds  *)
(* what is chosen as far as the server applies it, and goes on holding it, *)
(* is the whole of Raft's safety: State Machine Safety (Figure 3) and the  *)
(* durability of what is committed, in one formula.                        *)
(*                                                                         *)
(* It holds of Raft.tla (models/MCReplicatedLog) and of RaftReduced        *)
(* (models/MCReducedReplicatedLog), where a server applies in the step in  *)
(* which it learns what is committed.                                      *)
(***************************************************************************)
EXTENDS RaftProperties

\* What is chosen.
ChosenEntries == [index \in 1 .. Len(committed) |-> committed[index].entry]

\* What s has applied.
AppliedEntries(s) == SubSeq(log[s], 1, Min(lastApplied[s], Len(log[s])))

Abstract == INSTANCE ReplicatedLog WITH
  chosen  <- ChosenEntries,
  applied <- [s \in Server |-> AppliedEntries(s)]

\* Abstract!AbstractSpec in its two parts: where it begins, and each of its steps.
BeginsAsReplicatedLog == Abstract!AbstractInit
IsReplicatedLog       == [][Abstract!AbstractNext]_<<Abstract!abstractVars>>

=============================================================================

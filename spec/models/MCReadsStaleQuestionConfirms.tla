--------------------- MODULE MCReadsStaleQuestionConfirms ---------------------
(***************************************************************************)
(* What falls where the answer to a stale question confirms the round of   *)
(* that question: it counts in the later leadership of the one who asked.  *)
(* This was an error of RaftReads and of the implementation, until a trace *)
(* that diverged showed it.                                                *)
(***************************************************************************)
EXTENDS MCReadsStaleQuestion

RoundOfQuestion(s, m) == m.round

=============================================================================

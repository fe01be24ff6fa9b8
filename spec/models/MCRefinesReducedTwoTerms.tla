----------------------- MODULE MCRefinesReducedTwoTerms -----------------------
(***************************************************************************)
(* Raft refines RaftReduced, across two terms: entries and leaders of a    *)
(* term that is over, conflicts and refusals.                              *)
(***************************************************************************)
EXTENDS MCRefinesReduced
===============================================================================

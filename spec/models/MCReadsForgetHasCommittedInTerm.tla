------------------- MODULE MCReadsForgetHasCommittedInTerm -------------------
(***************************************************************************)
(* A leader answers a read before an entry of its term is committed, when  *)
(* it does not know yet what its predecessor committed.                    *)
(***************************************************************************)
EXTENDS MCReads

=============================================================================

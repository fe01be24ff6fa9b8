------------------------- MODULE ForgottenReadRules -------------------------
(***************************************************************************)
(* What is left of each rule of RaftReads.tla where an implementation      *)
(* forgets it, in the order of the rules, as ForgottenRules.tla has it of  *)
(* Raft.tla.  A model MCReadsForgetXxx puts ForgottenXxx in the rule's     *)
(* place.                                                                  *)
(***************************************************************************)
EXTENDS RaftReads

\* A leader reads before it has committed anything in its term.
ForgottenHasCommittedInTerm(s) == TRUE

\* A round that began before the read was asked confirms it.
ForgottenRoundOfRead(s) == Max(1, round[s])

\* A read sees what is applied, and not all that is committed.
ForgottenIndexOfRead(s) == lastApplied[s]

\* A confirmation of another term is counted.
ForgottenConfirmationIsOfThisTerm(s, m) == TRUE

\* A leader answers without being confirmed.
ForgottenConfirmersOf(s, read) == Server

\* A read is answered before what it must see is applied.
ForgottenMayAnswer(s, read) == TRUE

=============================================================================

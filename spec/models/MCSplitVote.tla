---------------------------- MODULE MCSplitVote -----------------------------
(***************************************************************************)
(* A split vote, and the term that ends it (section 5.2): all three        *)
(* servers stand in term 1, each votes for itself and none wins; one of    *)
(* them begins term 2 and is elected.  The invariant                       *)
(* NobodyIsElectedAfterwards is wrong on purpose: its counterexample is    *)
(* the behaviour to see.  Term 2 begins only once all stand in term 1. No  *)
(* entries.                                                                *)
(***************************************************************************)
EXTENDS MCRestricted

AllStand == \A s \in Server : role[s] = Candidate /\ currentTerm[s] = 1

\* In the first term anyone may stand; then one begins the second.
AnyoneThenOne(s) == TermOfElection(s) = 1 \/ (TermOfElection(s) = 2 /\ AllStand)

NobodyIsElectedAfterwards == \A election \in elections : election.term = 1

=============================================================================

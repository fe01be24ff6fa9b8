----------------------- MODULE MCForgetTermOfElection -----------------------
(***************************************************************************)
(* A candidate stays in the term it is in: it asks for votes in a term     *)
(* that has a leader, and changes its own vote for that (section 5.2).     *)
(* One term, no entries.                                                   *)
(***************************************************************************)
EXTENDS MCRestricted

\* Term 0 is before all terms, so a candidate leaves that one.
=============================================================================

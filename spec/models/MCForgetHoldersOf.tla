------------------------- MODULE MCForgetHoldersOf --------------------------
(***************************************************************************)
(* A leader counts servers that hold the entry before (section 5.3).        *)
(* One term, one entry.                                                     *)
(***************************************************************************)
EXTENDS MCRestricted

ForgottenHoldersOf(s, index) ==
  {s} \cup {p \in Peers(s) : matchIndex[s][p] >= index - 1}

=============================================================================

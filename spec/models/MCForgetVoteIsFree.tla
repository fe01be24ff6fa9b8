------------------------- MODULE MCForgetVoteIsFree -------------------------
(***************************************************************************)
(* A server votes for whoever asks: two leaders in one term (section 5.2).  *)
(* One term, no entries.                                                    *)
(***************************************************************************)
EXTENDS MCRestricted

ForgottenVoteIsFree(s, m, vote) == TRUE

=============================================================================

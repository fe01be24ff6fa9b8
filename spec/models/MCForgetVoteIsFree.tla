------------------------- MODULE MCForgetVoteIsFree -------------------------
(***************************************************************************)
(* A server votes for whoever asks: two leaders in one term (section 5.2).  *)
(* Restricted as MCForget says, to one term and no entries.                 *)
(***************************************************************************)
EXTENDS MCForget

ForgottenVoteIsFree(s, m, vote) == TRUE

=============================================================================

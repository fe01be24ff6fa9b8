---------------------- MODULE MCReadsForgetConfirmersOf ----------------------
(***************************************************************************)
(* A deposed leader answers a read without asking whether it still leads.  *)
(***************************************************************************)
EXTENDS MCReads

ForgottenConfirmersOf(s, read) == Server

=============================================================================

------------------------- MODULE MCForgetIsMajority -------------------------
(***************************************************************************)
(* A minority is taken for a majority: two of them need not overlap         *)
(* (section 5.2).                                                           *)
(* One term, no entries.                                                    *)
(***************************************************************************)
EXTENDS MCRestricted

ForgottenIsMajority(servers) ==
  Cardinality(servers) >= Cardinality(Server) \div 2

=============================================================================

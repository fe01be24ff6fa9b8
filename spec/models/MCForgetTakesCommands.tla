----------------------- MODULE MCForgetTakesCommands ------------------------
(***************************************************************************)
(* A server that does not lead takes commands: two servers append in one   *)
(* term (section 5.3).                                                     *)
(* One term, begun by s1, one entry, two commands.                         *)
(***************************************************************************)
EXTENDS MCRestricted

FirstOnly == <<{s1}>>

=============================================================================

------------------------- MODULE MCReducedTwoCommands -------------------------
(***************************************************************************)
(* RaftReduced exhausted with two commands, and the empty entry of a       *)
(* leader as a third value: 3 servers, 2 terms and logs of up to 2         *)
(* entries. That logs agree in what they hold, and not only in its terms,  *)
(* can be seen only with several values.                                   *)
(***************************************************************************)
EXTENDS MCReduced

SymmetryOfCommands == Permutations(Server) \cup Permutations(Command)

===============================================================================

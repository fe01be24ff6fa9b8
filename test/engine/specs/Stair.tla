------------------------------- MODULE Stair --------------------------------
(* Something that climbs, step by step; Stairs has two of these. *)
EXTENDS Integers

CONSTANT Height
VARIABLE at

Width == 1

Climb(n) == n + Width

Up == at < Height /\ at' = Climb(at)
=============================================================================

------------------------------- MODULE Stairs -------------------------------
(***************************************************************************)
(* Two that climb, and one that counts what their steps are said to be.    *)
(* A configuration may replace Stair's Width alone (`<- [Stair]`): for     *)
(* what Stair's own definitions say, and not for what is named here.       *)
(***************************************************************************)
EXTENDS Integers

VARIABLES left, right, told

Left == INSTANCE Stair WITH Height <- 4, at <- left
INSTANCE Stair WITH Height <- 7, at <- right

Init == left = 0 /\ right = 0 /\ told = 0

GoLeft == Left!Up /\ UNCHANGED <<right, told>>
GoRight == Up /\ UNCHANGED <<left, told>>
Tell == told < 9 /\ told' = told + Left!Width + Width /\ UNCHANGED <<left, right>>

Next == GoLeft \/ GoRight \/ Tell

\* Depends on a variable of this module, which Stair does not know.
Wider == 1 + (told % 3)

Low == left + right < 20
=============================================================================

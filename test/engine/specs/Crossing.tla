------------------------------ MODULE Crossing ------------------------------
(* A ferryman, a wolf, a goat and a cabbage: sets of sets, and a view. *)
EXTENDS FiniteSets, Naturals
VARIABLES here, boat, trips
Things == {"wolf", "goat", "cabbage"}
Unsafe == {{"wolf", "goat"}, {"goat", "cabbage"}, Things}
Init == here = Things /\ boat = "here" /\ trips = 0
Cargo(bank) == {c \in SUBSET bank : Cardinality(c) <= 1}
Next ==
  /\ trips' = trips + 1
  /\ \/ /\ boat = "here" /\ boat' = "there"
        /\ \E c \in Cargo(here) : here' = here \ c
        /\ here' \notin Unsafe
     \/ /\ boat = "there" /\ boat' = "here"
        /\ \E c \in Cargo(Things \ here) : here' = here \cup c
        /\ Things \ here' \notin Unsafe
Spec == Init /\ [][Next]_<<here, boat, trips>>
Place == <<here, boat>>
NotOver == here # {}
Short == trips < 9
=============================================================================

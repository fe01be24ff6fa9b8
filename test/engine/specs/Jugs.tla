-------------------------------- MODULE Jugs --------------------------------
(* Two jugs, to be filled, emptied and poured, until one holds four litres. *)
EXTENDS Naturals
VARIABLES small, big
Min(m, n) == IF m < n THEN m ELSE n
Init == small = 0 /\ big = 0
Next == \/ small' = 3 /\ big' = big
        \/ small' = small /\ big' = 5
        \/ small' = 0 /\ big' = big
        \/ big' = 0 /\ UNCHANGED small
        \/ LET poured == Min(small + big, 5) - big IN big' = big + poured /\ small' = small - poured
        \/ small' = Min(big + small, 3) /\ big' = big - (small' - small)
Spec == Init /\ [][Next]_<<small, big>>
NotFour == big # 4
=============================================================================

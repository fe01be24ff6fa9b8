---------------------------- MODULE Philosophers ----------------------------
(* Each takes the fork at the left, then the one at the right: they get stuck. *)
EXTENDS Naturals
CONSTANT N
VARIABLES holder, state
P == 1 .. N
Left(p) == p
Right(p) == IF p = N THEN 1 ELSE p + 1
Init == holder = [f \in P |-> 0] /\ state = [p \in P |-> "thinking"]
Take(p, Fork(_), from, to) ==
  /\ state[p] = from /\ holder[Fork(p)] = 0
  /\ holder' = [holder EXCEPT ![Fork(p)] = p] /\ state' = [state EXCEPT ![p] = to]
Eat(p) == /\ state[p] = "eating"
          /\ holder' = [f \in P |-> IF holder[f] = p THEN 0 ELSE holder[f]]
          /\ state' = [state EXCEPT ![p] = "thinking"]
Next == \E p \in P : Take(p, Left, "thinking", "hungry") \/ Take(p, Right, "hungry", "eating") \/ Eat(p)
Spec == Init /\ [][Next]_<<holder, state>>
Apart == \A p \in P : state[p] = "eating" => state[Right(p)] # "eating"
=============================================================================

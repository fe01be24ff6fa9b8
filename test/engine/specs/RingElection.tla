---------------------------- MODULE RingElection ----------------------------
(* Numbers go round a ring; the largest comes back to its owner. *)
EXTENDS Integers, FiniteSets
CONSTANT N
VARIABLES inbox, leader, id
Node == 0 .. N - 1
Next1(n) == (n + 1) % N
Init == /\ id \in {f \in [Node -> 1 .. N] : \A a, b \in Node : f[a] = f[b] => a = b}
        /\ inbox = [n \in Node |-> {id[(n + N - 1) % N]}] /\ leader = {}
Take(n) == \E x \in inbox[n] :
  LET rest == [inbox EXCEPT ![n] = @ \ {x}]
      passed == [rest EXCEPT ![Next1(n)] = @ \cup {x}]
  IN  /\ inbox' = IF x > id[n] THEN passed ELSE rest
      /\ leader' = IF x = id[n] THEN leader \cup {n} ELSE leader
      /\ UNCHANGED id
Next == \E n \in Node : Take(n)
Spec == Init /\ [][Next]_<<inbox, leader, id>>
Largest == CHOOSE x \in {id[n] : n \in Node} : \A n \in Node : id[n] <= x
OneLeader == Cardinality(leader) <= 1 /\ \A n \in leader : id[n] = Largest
NoLeader == leader = {}
=============================================================================

---- MODULE Idioms ----
(* Ways to write actions and values that are easily taken for others: each next-state relation *)
(* is a model of its own, whose counts tell whether it was taken apart as TLC does.            *)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANT Node

VARIABLES p, q

vars == <<p, q>>

Init == p = 0 /\ q = 0

(* Once both variables have values, an alternative is a test: it makes no second state. *)
AllGivenInit == p = 0 /\ (p = 0 \/ p < 1) /\ q \in {0, 1} /\ \E i \in 1 .. 3 : i > p
AllGiven ==
    /\ (TRUE \/ p < 9)
    /\ p' = (p + 1) % 3
    /\ \E i \in 1 .. 2 : i > 0
    /\ q' = q
    /\ (TRUE \/ q = 0)
    /\ \E i \in 1 .. 3 : i > q

(* \A is the conjunction of what it says of each element. *)
ForAllInit == (\A i \in 1 .. 2 : IF i = 1 THEN p \in 0 .. 1 ELSE q = 0) /\ \A i \in {} : FALSE
ForAll ==
    /\ \A i \in 1 .. 2 : \E j \in 1 .. 2 : i + j > p
    /\ \A i \in 1 .. 2, j \in {2} : (i = 1 /\ p' \in 0 .. 1) \/ (i = j /\ q' = (q + 1) % 3)

(* [A]_v and <<A>>_v as parts of actions. *)
Up == p < 2 /\ p' \in {p, p + 1}
Boxes == [Up]_p /\ q' \in 0 .. 1 /\ (<<q' = 1>>_q \/ q' = 0)
Angles == <<Up>>_p /\ UNCHANGED q

(* A variable that is passed to an operator that primes it. *)
Add(v, n) == v' = (v + n) % 3
AddAny(v) == Add(v, 1) \/ Add(v, 2)
Keep(v) == UNCHANGED v
Passed ==
    \/ AddAny(p) /\ Keep(q)
    \/ Keep(<<p>>) /\ LET add(v) == v' = (v + 1) % 2
                          both == add(q)
                      IN both
AddsOnly == [][LET kept(v) == v' = v IN kept(p) \/ kept(q)]_vars

(* A function that is defined recursively is a value like others. *)
doubled[n \in 1 .. 3] == IF n = 1 THEN 2 ELSE doubled[n - 1] + 2
LazyInit == p = doubled /\ q = 0
Lazy == p' = [p EXCEPT ![1] = (@ + 1) % 4] /\ q' = Len(doubled)
LazyIsEqual ==
    /\ doubled = <<2, 4, 6>>
    /\ {doubled} = {[n \in 1 .. 3 |-> 2 * n]}
    /\ doubled \in [1 .. 3 -> Nat]
    /\ doubled \in Seq(Nat)

(* Sets that TLC does not list are gone through with their repeats. *)
UnionsInit == p \in (SUBSET {1, 2}) \cup (SUBSET {2, 3}) /\ q = 0
Unions ==
    /\ p' \in {s \in (SUBSET {1, 2}) \cup {{1}, {3}} : s # {2}} \ {{3}}
    /\ q' \in 0 .. 1 \cup 1 .. 2

(* Strings are sequences to some operators; sorting is by insertion. *)
TextInit == p = SubSeq("abc", 1, 2) /\ q = <<>>
Text ==
    \/ p' = (IF Len(p) > 3 THEN Tail(p) ELSE Append(p, Head(p))) /\ q' = q
    \/ p' = p /\ q' = SortSeq(<<<<2, 1>>, <<1, 1>>, <<2, 2>>>>, LAMBDA a, b : a[1] <= b[1])

(* TLC takes no heed of permutations that are listed one by one. *)
Swaps == Permutations(Node)
ListedSwaps == {CHOOSE f \in Swaps : \E n \in Node : f[n] # n, [n \in Node |-> n]}
NodesInit == p = [n \in Node |-> 0] /\ q = 0
Nodes == \E n \in Node : p' = [p EXCEPT ![n] = (@ + 1) % 3] /\ q' = q

(* A property that falls at a step back to a state that was known tells the depth of the known. *)
Back == p' = (p + 1) % 3 /\ q' = q
NeverBack == [][p' > p]_vars

(* An invariant without a value. *)
Undefined == <<1, 2>>[p + 1] > 0

====

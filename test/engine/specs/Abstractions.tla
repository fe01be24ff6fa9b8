---------------------------- MODULE Abstractions ----------------------------
(* Operators of operators, functions of several arguments, recursion, LAMBDA, an override. *)
EXTENDS Integers, Sequences, FiniteSets, TLC
CONSTANT Limit
VARIABLES x, f, history
Apply2(Op(_, _), a, b) == Op(a, b)
Twice(Op(_), a) == Op(Op(a))
RECURSIVE Fold(_, _, _)
Fold(Op(_, _), acc, s) == IF s = <<>> THEN acc ELSE Fold(Op, Op(acc, Head(s)), Tail(s))
fact[n \in Nat] == IF n = 0 THEN 1 ELSE n * fact[n - 1]
Grow(n) == n + 1
Faster(n) == n + 2
table == [a, b \in 0 .. 2 |-> a * b]
Init == x = 0 /\ f = [i \in 1 .. 2 |-> <<i>>] /\ history = <<>>
Next ==
  \/ /\ x' = Twice(Grow, x)
     /\ f' = [f EXCEPT ![1] = Append(@, x'), ![2][1] = @ + table[1, 2]]
     /\ history' = Append(history, x)
  \/ /\ x' \in {Apply2(LAMBDA a, b : a - b, x, 1), fact[3] - x}
     /\ UNCHANGED f
     /\ LET next == x' IN history' = SelectSeq(Append(history, next), LAMBDA h : h > 0)
Spec == Init /\ [][Next]_<<x, f, history>>
Within == x \in -3 .. Limit /\ Len(history) <= 3 /\ Len(f[1]) <= 3
Sum == Fold(LAMBDA a, b : a + b, 0, history) <= 40
SmallSum == Fold(+, 0, history) <= 12
Follows == [][x' # x => Len(history') >= Len(history) - 3]_<<x, f, history>>
=============================================================================

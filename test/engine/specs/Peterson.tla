------------------------------ MODULE Peterson ------------------------------
(* Two processes that exclude each other. *)
EXTENDS Naturals
VARIABLES pc, flag, turn
Other(p) == 1 - p
Proc == {0, 1}
Init == pc = [p \in Proc |-> "idle"] /\ flag = [p \in Proc |-> FALSE] /\ turn \in Proc
Go(p, from, to) == pc[p] = from /\ pc' = [pc EXCEPT ![p] = to]
Step(p) ==
  \/ Go(p, "idle", "raise") /\ UNCHANGED <<flag, turn>>
  \/ Go(p, "raise", "yield") /\ flag' = [flag EXCEPT ![p] = TRUE] /\ UNCHANGED turn
  \/ Go(p, "yield", "wait") /\ turn' = Other(p) /\ UNCHANGED flag
  \/ Go(p, "wait", "critical") /\ (~flag[Other(p)] \/ turn = p) /\ UNCHANGED <<flag, turn>>
  \/ Go(p, "critical", "idle") /\ flag' = [flag EXCEPT ![p] = FALSE] /\ UNCHANGED turn
Next == \E p \in Proc : Step(p)
Spec == Init /\ [][Next]_<<pc, flag, turn>>
Exclusion == ~(pc[0] = "critical" /\ pc[1] = "critical")
NeverBothWait == ~(pc[0] = "wait" /\ pc[1] = "wait")
=============================================================================

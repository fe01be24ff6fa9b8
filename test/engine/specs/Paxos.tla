------------------------------- MODULE Paxos --------------------------------
(* Single-decree Paxos with a set of messages, after Lamport's "Paxos Made Simple". *)
EXTENDS Integers, FiniteSets
CONSTANTS Acceptor, Value, Ballots
VARIABLES maxBal, maxVBal, maxVal, msgs
Quorum == {Q \in SUBSET Acceptor : 2 * Cardinality(Q) > Cardinality(Acceptor)}
Ballot == 0 .. Ballots - 1
None == "none"
Send(m) == msgs' = msgs \cup {m}
Init == /\ maxBal = [a \in Acceptor |-> -1]
        /\ maxVBal = [a \in Acceptor |-> -1]
        /\ maxVal = [a \in Acceptor |-> None]
        /\ msgs = {}
Phase1a(b) == Send([type |-> "1a", bal |-> b]) /\ UNCHANGED <<maxBal, maxVBal, maxVal>>
Phase1b(a) ==
  \E m \in msgs :
    /\ m.type = "1a" /\ m.bal > maxBal[a]
    /\ maxBal' = [maxBal EXCEPT ![a] = m.bal]
    /\ Send([type |-> "1b", acc |-> a, bal |-> m.bal, mbal |-> maxVBal[a], mval |-> maxVal[a]])
    /\ UNCHANGED <<maxVBal, maxVal>>
Phase2a(b, v) ==
  /\ ~ \E m \in msgs : m.type = "2a" /\ m.bal = b
  /\ \E Q \in Quorum :
       LET q1b == {m \in msgs : m.type = "1b" /\ m.acc \in Q /\ m.bal = b}
           q1bv == {m \in q1b : m.mbal >= 0}
       IN  /\ \A a \in Q : \E m \in q1b : m.acc = a
           /\ \/ q1bv = {}
              \/ \E m \in q1bv : m.mval = v /\ \A mm \in q1bv : m.mbal >= mm.mbal
  /\ Send([type |-> "2a", bal |-> b, val |-> v])
  /\ UNCHANGED <<maxBal, maxVBal, maxVal>>
Phase2b(a) ==
  \E m \in msgs :
    /\ m.type = "2a" /\ m.bal >= maxBal[a]
    /\ maxBal' = [maxBal EXCEPT ![a] = m.bal]
    /\ maxVBal' = [maxVBal EXCEPT ![a] = m.bal]
    /\ maxVal' = [maxVal EXCEPT ![a] = m.val]
    /\ Send([type |-> "2b", acc |-> a, bal |-> m.bal, val |-> m.val])
Next == \/ \E b \in Ballot : Phase1a(b) \/ \E v \in Value : Phase2a(b, v)
        \/ \E a \in Acceptor : Phase1b(a) \/ Phase2b(a)
Spec == Init /\ [][Next]_<<maxBal, maxVBal, maxVal, msgs>>
VotedFor(a, b, v) == \E m \in msgs : m.type = "2b" /\ m.acc = a /\ m.bal = b /\ m.val = v
ChosenAt(b, v) == \E Q \in Quorum : \A a \in Q : VotedFor(a, b, v)
chosen == {v \in Value : \E b \in Ballot : ChosenAt(b, v)}
Consistency == Cardinality(chosen) <= 1
NothingChosen == chosen = {}
Symmetry == {[x \in Acceptor |-> f[x]] : f \in {g \in [Acceptor -> Acceptor] : \A a, b \in Acceptor : a # b => g[a] # g[b]}}
=============================================================================

------------------------------- MODULE Hanoi --------------------------------
(* Disks on three pegs, as sequences; a recursive operator weighs a peg. *)
EXTENDS Naturals, Sequences
CONSTANT Disks
VARIABLE pegs
RECURSIVE Weight(_)
Weight(peg) == IF peg = <<>> THEN 0 ELSE Head(peg) + Weight(Tail(peg))
Whole == [i \in 1 .. Disks |-> i]
Init == pegs = <<Whole, <<>>, <<>>>>
MayMove(from, to) ==
  pegs[from] # <<>> /\ IF pegs[to] = <<>> THEN TRUE ELSE Head(pegs[from]) < Head(pegs[to])
\* In an action each disjunct is a way on by itself, so that Head is asked of an empty peg.
Unguarded(from, to) ==
  pegs[from] # <<>> /\ (pegs[to] = <<>> \/ Head(pegs[from]) < Head(pegs[to]))
Move(from, to) ==
  /\ MayMove(from, to)
  /\ pegs' = [pegs EXCEPT ![from] = Tail(@), ![to] = <<Head(pegs[from])>> \o @]
Next == \E from, to \in DOMAIN pegs : from # to /\ Move(from, to)
Spec == Init /\ [][Next]_pegs
Total == Weight(pegs[1]) + Weight(pegs[2]) + Weight(pegs[3]) = (Disks * (Disks + 1)) \div 2
NotDone == pegs[3] # Whole
=============================================================================

--------------------------- MODULE AlternatingBit ---------------------------
(* Messages over channels that lose and repeat, told apart by one bit. *)
EXTENDS Naturals, Sequences
CONSTANTS Data, Capacity
VARIABLES sBit, sent, sAck, rBit, received, msgQ, ackQ
vars == <<sBit, sent, sAck, rBit, received, msgQ, ackQ>>
Remove(i, s) == [j \in 1 .. Len(s) - 1 |-> IF j < i THEN s[j] ELSE s[j + 1]]
Init == /\ sBit \in {0, 1} /\ sAck = sBit /\ rBit = sBit
        /\ sent \in Data /\ received = sent /\ msgQ = <<>> /\ ackQ = <<>>
New(d) == sAck = sBit /\ sent' = d /\ sBit' = 1 - sBit /\ msgQ' = Append(msgQ, <<sBit', d>>) /\ UNCHANGED <<sAck, rBit, received, ackQ>>
Resend == sAck # sBit /\ msgQ' = Append(msgQ, <<sBit, sent>>) /\ UNCHANGED <<sBit, sent, sAck, rBit, received, ackQ>>
TakeMsg == /\ msgQ # <<>>
           /\ LET m == Head(msgQ) IN rBit' = m[1] /\ received' = m[2]
           /\ msgQ' = Tail(msgQ)
           /\ UNCHANGED <<sBit, sent, sAck, ackQ>>
Acknowledge == ackQ' = Append(ackQ, rBit) /\ UNCHANGED <<sBit, sent, sAck, rBit, received, msgQ>>
TakeAck == ackQ # <<>> /\ sAck' = Head(ackQ) /\ ackQ' = Tail(ackQ) /\ UNCHANGED <<sBit, sent, rBit, received, msgQ>>
Lose(q) == \E i \in 1 .. Len(q) : q' = Remove(i, q)
Loss == \/ Lose(msgQ) /\ UNCHANGED ackQ /\ UNCHANGED <<sBit, sent, sAck, rBit, received>>
        \/ Lose(ackQ) /\ UNCHANGED msgQ /\ UNCHANGED <<sBit, sent, sAck, rBit, received>>
Next == (\E d \in Data : New(d)) \/ Resend \/ TakeMsg \/ Acknowledge \/ TakeAck \/ Loss
Spec == Init /\ [][Next]_vars
Short == Len(msgQ) <= Capacity /\ Len(ackQ) <= Capacity
Delivered == sBit = sAck => sent = received
NothingLost == [][sBit' # sBit => sent = received]_vars
=============================================================================

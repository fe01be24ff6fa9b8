---------------------------- MODULE BoundedFifo -----------------------------
(* A channel with a handshake on each side of a bounded queue: instances with substitution. *)
EXTENDS Naturals, Sequences
CONSTANTS Data, Size
VARIABLES in, out, q
InChan == INSTANCE Handshake WITH chan <- in
OutChan == INSTANCE Handshake WITH chan <- out

Init == InChan!Init /\ OutChan!Init /\ q = <<>>
Put(d) == InChan!Send(d) /\ UNCHANGED <<out, q>>
Take == InChan!Receive /\ q' = Append(q, in.val) /\ UNCHANGED out
Give == q # <<>> /\ OutChan!Send(Head(q)) /\ q' = Tail(q) /\ UNCHANGED in
Get == OutChan!Receive /\ UNCHANGED <<in, q>>
Next == (\E d \in Data : Put(d)) \/ (Len(q) < Size /\ Take) \/ Give \/ Get
Spec == Init /\ [][Next]_<<in, out, q>>
TypeOK == InChan!TypeOK /\ OutChan!TypeOK /\ q \in Seq(Data)
NeverFull == Len(q) < Size
InSpec == InChan!Spec
=============================================================================

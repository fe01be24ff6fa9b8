------------------------------- MODULE Readers ------------------------------
(* Readers and a writer, first come first served; tuples in a queue. *)
EXTENDS Sequences, Naturals, FiniteSets
CONSTANT Actor
VARIABLES readers, writers, waiting
vars == <<readers, writers, waiting>>
InQueue == {w[2] : w \in {waiting[i] : i \in DOMAIN waiting}}
Init == readers = {} /\ writers = {} /\ waiting = <<>>
Ask(kind, a) == a \notin InQueue \cup readers \cup writers /\ waiting' = Append(waiting, <<kind, a>>) /\ UNCHANGED <<readers, writers>>
Serve == /\ waiting # <<>> /\ writers = {}
         /\ LET w == Head(waiting)
            IN  CASE w[1] = "read" -> readers' = readers \cup {w[2]} /\ UNCHANGED writers
                  [] w[1] = "write" -> readers = {} /\ writers' = {w[2]} /\ UNCHANGED readers
         /\ waiting' = Tail(waiting)
Stop == \E <<set, a>> \in ({"r"} \X readers) \cup ({"w"} \X writers) :
          /\ readers' = IF set = "r" THEN readers \ {a} ELSE readers
          /\ writers' = IF set = "w" THEN writers \ {a} ELSE writers
          /\ UNCHANGED waiting
Next == (\E a \in Actor : Ask("read", a) \/ Ask("write", a)) \/ Serve \/ Stop
Spec == Init /\ [][Next]_vars
Safe == ~(readers # {} /\ writers # {}) /\ Cardinality(writers) <= 1
NoCrowd == Cardinality(readers) < 3
=============================================================================

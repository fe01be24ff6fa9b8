-------------------------------- MODULE Lift --------------------------------
(* A lift serves calls; it keeps its direction while there are calls ahead. *)
EXTENDS Integers, FiniteSets
CONSTANT Floors
VARIABLES floor, direction, doors, calls
vars == <<floor, direction, doors, calls>>
Floor == 1 .. Floors
Init == floor = 1 /\ direction = 1 /\ doors = "closed" /\ calls = {}
Ahead(d) == {f \in calls : IF d = 1 THEN f > floor ELSE f < floor}
Call(f) == f \notin calls /\ calls' = calls \cup {f} /\ UNCHANGED <<floor, direction, doors>>
Open == floor \in calls /\ doors = "closed" /\ doors' = "open" /\ calls' = calls \ {floor} /\ UNCHANGED <<floor, direction>>
Close == doors = "open" /\ doors' = "closed" /\ UNCHANGED <<floor, direction, calls>>
Move == /\ doors = "closed" /\ floor \notin calls
        /\ CASE Ahead(direction) # {} -> floor' = floor + direction /\ UNCHANGED direction
             [] Ahead(direction) = {} /\ Ahead(-direction) # {} -> direction' = -direction /\ UNCHANGED floor
             [] OTHER -> FALSE
        /\ UNCHANGED <<doors, calls>>
Next == Open \/ Close \/ Move \/ \E f \in Floor : Call(f)
Spec == Init /\ [][Next]_vars /\ WF_vars(Move)
TypeOK == floor \in Floor /\ direction \in {-1, 1} /\ doors \in {"open", "closed"} /\ calls \in SUBSET Floor
FewCalls == Cardinality(calls) < Floors
DoorsStop == [][doors = "open" /\ doors' = "open" => floor' = floor]_vars
=============================================================================

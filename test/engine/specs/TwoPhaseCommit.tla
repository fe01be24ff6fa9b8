--------------------------- MODULE TwoPhaseCommit ---------------------------
(* A transaction manager and resource managers agree to commit or to abort. *)
EXTENDS FiniteSets
CONSTANT RM
VARIABLES rmState, tmState, prepared, msgs

Message == [type : {"prepared"}, rm : RM] \cup [type : {"commit", "abort"}]

TypeOK ==
  /\ rmState \in [RM -> {"working", "prepared", "committed", "aborted"}]
  /\ tmState \in {"init", "done"}
  /\ prepared \subseteq RM
  /\ msgs \subseteq Message

Init ==
  /\ rmState = [rm \in RM |-> "working"]
  /\ tmState = "init"
  /\ prepared = {}
  /\ msgs = {}

Hear(rm) ==
  /\ tmState = "init"
  /\ [type |-> "prepared", rm |-> rm] \in msgs
  /\ prepared' = prepared \cup {rm}
  /\ UNCHANGED <<rmState, tmState, msgs>>

Decide(outcome) ==
  /\ tmState = "init"
  /\ outcome = "commit" => prepared = RM
  /\ tmState' = "done"
  /\ msgs' = msgs \cup {[type |-> outcome]}
  /\ UNCHANGED <<rmState, prepared>>

Prepare(rm) ==
  /\ rmState[rm] = "working"
  /\ rmState' = [rmState EXCEPT ![rm] = "prepared"]
  /\ msgs' = msgs \cup {[type |-> "prepared", rm |-> rm]}
  /\ UNCHANGED <<tmState, prepared>>

GiveUp(rm) ==
  /\ rmState[rm] = "working"
  /\ rmState' = [rmState EXCEPT ![rm] = "aborted"]
  /\ UNCHANGED <<tmState, prepared, msgs>>

Obey(rm) ==
  \/ /\ [type |-> "commit"] \in msgs
     /\ rmState' = [rmState EXCEPT ![rm] = "committed"]
     /\ UNCHANGED <<tmState, prepared, msgs>>
  \/ /\ [type |-> "abort"] \in msgs
     /\ rmState' = [rmState EXCEPT ![rm] = "aborted"]
     /\ UNCHANGED <<tmState, prepared, msgs>>

Next ==
  \/ \E outcome \in {"commit", "abort"} : Decide(outcome)
  \/ \E rm \in RM : Hear(rm) \/ Prepare(rm) \/ GiveUp(rm) \/ Obey(rm)

Spec == Init /\ [][Next]_<<rmState, tmState, prepared, msgs>>

Consistent == \A a, b \in RM : ~(rmState[a] = "aborted" /\ rmState[b] = "committed")
=============================================================================

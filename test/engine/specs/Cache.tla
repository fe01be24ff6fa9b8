------------------------------- MODULE Cache --------------------------------
(* Caches in front of one memory; a write goes through and empties the others. *)
EXTENDS Naturals, FiniteSets, TLC
CONSTANTS Proc, Adr, Val, NoVal
VARIABLES mem, cache, ctl
Init == /\ mem \in [Adr -> Val]
        /\ cache = [p \in Proc |-> [a \in Adr |-> NoVal]]
        /\ ctl = [p \in Proc |-> "ready"]
Read(p, a) ==
  /\ ctl[p] = "ready"
  /\ cache[p][a] = NoVal
  /\ cache' = [cache EXCEPT ![p][a] = mem[a]]
  /\ UNCHANGED <<mem, ctl>>
Write(p, a, v) ==
  /\ ctl[p] = "ready"
  /\ mem' = [mem EXCEPT ![a] = v]
  /\ cache' = [q \in Proc |-> IF q = p THEN [cache[q] EXCEPT ![a] = v]
                              ELSE IF cache[q][a] # NoVal THEN [cache[q] EXCEPT ![a] = NoVal] ELSE cache[q]]
  /\ ctl' = [ctl EXCEPT ![p] = "busy"]
Done(p) == ctl[p] = "busy" /\ ctl' = [ctl EXCEPT ![p] = "ready"] /\ UNCHANGED <<mem, cache>>
Evict(p, a) ==
  /\ cache[p][a] \in Val
  /\ cache' = (p :> [cache[p] EXCEPT ![a] = NoVal]) @@ cache
  /\ UNCHANGED <<mem, ctl>>
Next == \E p \in Proc : Done(p) \/ \E a \in Adr : Read(p, a) \/ Evict(p, a) \/ \E v \in Val : Write(p, a, v)
Spec == Init /\ [][Next]_<<mem, cache, ctl>>
Coherent == \A p, q \in Proc, a \in Adr :
  (NoVal \notin {cache[p][a], cache[q][a]}) => cache[p][a] = cache[q][a]
OneBusy == Cardinality({p \in Proc : ctl[p] = "busy"}) <= 1
WritesAreSeen == [][\A p \in Proc : ctl[p] = "ready" /\ ctl'[p] = "busy" => \E a \in Adr : cache'[p][a] = mem'[a]]_<<mem, cache, ctl>>
=============================================================================

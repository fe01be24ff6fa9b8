---------------------- MODULE MCForgetLastTermsDiffer -----------------------
(***************************************************************************)
(* Logs are compared by length only: one with an entry of an old term is   *)
(* as good as one with a committed entry of a newer term (section 5.4.1).  *)
(* s1 begins the terms 1 and 3, s2 the term 2; s1 sends no entries in term *)
(* 1.                                                                      *)
(***************************************************************************)
EXTENDS MCRestricted

TurnByTurn == <<{s1}, {s2}, {s1}>>
OneEachAtFirst == <<1, 1, 0>>
FirstTwoThenAll == <<{s1, s2}, Server, Server>>
SecondSends(s, p) == IF s = s2 /\ log[s] # <<>> THEN WholeLog(s) ELSE {}

=============================================================================

--------------------- MODULE MCForgetEntryIsOfThisTerm ----------------------
(***************************************************************************)
(* Figure 8: an entry of an older term is committed by counting, and is    *)
(* lost (section 5.4.2).  As in the figure, two servers take turns at      *)
(* leading: s1 the terms 1 and 3, s2 the terms 2 and 4.  Entries are       *)
(* appended in the first two terms and not yet sent there; the server that *)
(* leads a term next hears of it.                                          *)
(***************************************************************************)
EXTENDS MCRestricted

TurnByTurn == <<{s1}, {s2}, {s1}, {s2}>>
OneEachAtFirst == <<1, 1, 0, 0>>
FirstTwoThenAll == <<{s1, s2}, Server, Server, {s2, s3}>>
SendsLater(s, p) == IF currentTerm[s] > 2 /\ log[s] # <<>> THEN WholeLog(s) ELSE {}

=============================================================================

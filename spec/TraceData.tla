------------------------------ MODULE TraceData -----------------------------
(***************************************************************************)
(* The traces to check, as trace-check has prepared them: servers are      *)
(* "s1", "s2", ..., commands are numbers from 1, a received message is     *)
(* given in full.                                                          *)
(*                                                                         *)
(* TLC takes these operators from TraceData.java, which reads a file;      *)
(* where Java cannot be compiled, from a generated module of this name     *)
(* that holds the traces as literals.  The definitions below have no       *)
(* value, so that TLC stops where neither is there.                        *)
(*                                                                         *)
(* An event is a record:                                                   *)
(*   action, server, command, index   as in the trace; 0 where there is no *)
(*                                    command or index                     *)
(*   readRound                        the round of a read; 0 in others     *)
(*   to                               of a SendAppendEntries or            *)
(*                                    a SendInstallSnapshot                *)
(*   prevLogIndex, count              of a SendAppendEntries               *)
(*   received    <<m>>, or <<>> where the action receives nothing          *)
(*   notSent     whether nobody has sent the received message before       *)
(*   isLast      whether nobody receives this content again                *)
(*   sent        the set of the messages sent                              *)
(*   kept        those of them that somebody receives later                *)
(*   currentTerm, votedFor, role, commitIndex, lastApplied, votesGranted,  *)
(*   snapshotIndex, round                                                  *)
(*               <<value>> after the step, or <<>> where unchanged         *)
(*   nextIndex, matchIndex, confirmedRound                                 *)
(*               <<[peer |-> value]>>, or <<>> where unchanged             *)
(*   log         <<from, entries>>: cut before `from`, then `entries`,     *)
(*               or <<>>                                                   *)
(***************************************************************************)

\* How many traces there are; they are numbered from 1.
TraceCount == CHOOSE count \in {} : TRUE

\* How many events the trace has.
TraceLength(trace) == CHOOSE length \in {} : TRUE

\* The names of the variables that the trace logs of server s.
LoggedVariables(trace, s) == CHOOSE names \in {} : TRUE

\* The event at a position from 1.
EventAt(trace, position) == CHOOSE event \in {} : TRUE

=============================================================================

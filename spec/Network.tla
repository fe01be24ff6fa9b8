------------------------------- MODULE Network -------------------------------
(***************************************************************************)
(* The network of the Raft paper: servers communicate by RPCs (section     *)
(* 5.1), and are safe under delays, partitions, loss, duplication and      *)
(* reordering (section 2).                                                 *)
(*                                                                         *)
(* It is the set of all messages ever sent.  A message in the set may be   *)
(* received never (loss, partition), once, again (duplication), and at any *)
(* time (delay, reordering); so none of these faults needs an action.      *)
(*                                                                         *)
(* Left out: corruption and forgery.  Servers fail by stopping, they do    *)
(* not lie.                                                                *)
(***************************************************************************)

VARIABLE
  \* Every message that was ever sent.
  messages

\* The network before anything is sent.
NetworkInit == messages = {}

\* This step sends the messages of the set `sent`, which may be empty.
Send(sent) == messages' = messages \cup sent

\* The message m may be received now.
CanReceive(m) == m \in messages

=============================================================================

------------------------------- MODULE MCPlain -------------------------------
(***************************************************************************)
(* Raft.tla itself, every message kept, within bounds.  The bounds are     *)
(* guards and no CONSTRAINT, so that nothing beyond them is generated.     *)
(* Restarts, loss, duplication, delay and reordering have no bound.        *)
(***************************************************************************)
EXTENDS MCRaft

BoundedTimeout(s) == currentTerm[s] < MaxTerm /\ Timeout(s)
BoundedCommand(s) == Len(log[s]) < MaxLog /\ \E command \in Command : ClientRequest(s, command)
BoundedNoOp(s)    == Len(log[s]) < MaxLog /\ AppendNoOp(s)

\* The actions by server alone, so that TLC names them.
ReceiveVoteRequest(s)     == \E m \in messages : HandleRequestVoteRequest(s, m)
ReceiveVoteResponse(s)    == \E m \in messages : HandleRequestVoteResponse(s, m)
ReceiveEntries(s)         == \E m \in messages : HandleAppendEntriesRequest(s, m)
ReceiveEntriesResponse(s) == \E m \in messages : HandleAppendEntriesResponse(s, m)
CommitEntries(s)          == \E index \in 1 .. LastIndex(s) : AdvanceCommitIndex(s, index)
ApplyEntries(s)           == \E index \in 1 .. LastIndex(s) : Apply(s, index)

BoundedNext ==
  \E s \in Server :
    \/ BoundedTimeout(s)
    \/ ReceiveVoteRequest(s)
    \/ ReceiveVoteResponse(s)
    \/ BecomeLeader(s)
    \/ BoundedCommand(s)
    \/ BoundedNoOp(s)
    \/ SendSomeEntries(s)
    \/ ReceiveEntries(s)
    \/ ReceiveEntriesResponse(s)
    \/ CommitEntries(s)
    \/ ApplyEntries(s)
    \/ Restart(s)

BoundedSpec == Init /\ [][BoundedNext]_vars

\* Where a model leaves an action out.
NoEmptyEntry(s)   == FALSE
NoApply(s, index) == FALSE

\* The leader s sends all slices of its log to all others: steps SendAppendEntries taken
\* together.  A request that was sent only allows its receipt, so that this hides no
\* step that handles one; it leaves out states in which some requests are sent and some
\* are not.
SendAllEntries(s) ==
  /\ role[s] = Leader
  /\ Send({[type         |-> AppendEntriesRequest,
            from         |-> s,
            to           |-> slice[1],
            term         |-> currentTerm[s],
            prevLogIndex |-> slice[2],
            prevLogTerm  |-> TermAt(log[s], slice[2]),
            entries      |-> SubSeq(log[s], slice[2] + 1, slice[3]),
            leaderCommit |-> commitIndex[s]] :
              slice \in {<<p, i, j>> \in Peers(s) \X (0 .. LastIndex(s)) \X (0 .. LastIndex(s)) :
                           i <= j}})
  /\ UNCHANGED <<persistentVars, volatileVars, historyVars>>

=============================================================================

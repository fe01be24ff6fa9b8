import { describe, expect, it } from "vitest";
import type { Entry, Message } from "../../src/core/index.ts";
import { serverNames } from "../../src/sim/cluster.ts";
import { Disk } from "../../src/sim/disk.ts";
import { Invariants } from "../../src/sim/oracles/invariants.ts";
import { Verdict, type Violation } from "../../src/sim/oracles/violation.ts";
import type { StepRecord } from "../../src/sim/step-record.ts";

/** Three servers whose steps are made up, to see that damage is seen. */
class MadeUpCluster {
  readonly names = serverNames(3);
  readonly disks = this.names.map(() => new Disk(() => []));
  readonly invariants: Invariants;
  readonly #last: StepRecord[] = this.names.map((_, place) => ({
    place,
    action: "Restart",
    received: null,
    sent: [],
    command: null,
    currentTerm: 0,
    votedFor: null,
    role: "Follower",
    commitIndex: 0,
    lastApplied: 0,
    lastIndex: 0,
    logChangedFrom: 0,
    snapshotIndex: 0,
    snapshotTerm: 0,
    snapshotData: null,
    index: 0,
    round: 0,
    newEntries: [],
    peer: -1,
    nextIndex: 0,
    matchIndex: 0,
    event: null,
  }));

  constructor(isLookedPast?: (property: string) => boolean) {
    const logs = this.disks.map((disk) => disk.log);
    this.invariants = new Invariants(this.names, logs, new Verdict(isLookedPast));
  }

  /** The server takes a step that leaves it as before but for what is given. */
  step(place: number, change: Partial<StepRecord>): Violation | null {
    const before = this.#last[place];
    const disk = this.disks[place];
    if (before === undefined || disk === undefined) throw new RangeError(`no server ${place}`);
    const record: StepRecord = {
      ...before,
      ...{ logChangedFrom: 0, newEntries: [], sent: [], peer: -1, nextIndex: 0, matchIndex: 0 },
      ...change,
    };
    disk.write(record);
    const settled = { ...record, lastIndex: disk.log.length };
    this.#last[place] = settled;
    return this.invariants.check(settled);
  }

  elect(place: number, term: number): Violation | null {
    const votedFor = this.names[place] ?? null;
    this.step(place, { action: "Timeout", currentTerm: term, votedFor, role: "Candidate" });
    return this.step(place, { action: "BecomeLeader", role: "Leader" });
  }

  write(place: number, from: number, ...entries: readonly Entry[]): Violation | null {
    return this.step(place, {
      action: "HandleAppendEntriesRequest",
      logChangedFrom: from,
      newEntries: entries,
    });
  }

  commit(place: number, commitIndex: number): Violation | null {
    return this.step(place, { action: "AdvanceCommitIndex", commitIndex });
  }
}

const a: Entry = { term: 1, command: "a" };
const b: Entry = { term: 1, command: "b" };

/** s1 leads term 1 and has committed `a`, which s2 holds as well. */
function committedCluster(): MadeUpCluster {
  const cluster = new MadeUpCluster();
  expect(cluster.elect(0, 1)).toBe(null);
  expect(cluster.step(1, { action: "HandleRequestVoteRequest", currentTerm: 1 })).toBe(null);
  expect(cluster.write(0, 1, a)).toBe(null);
  expect(cluster.write(1, 1, a)).toBe(null);
  expect(cluster.commit(0, 1)).toBe(null);
  return cluster;
}

describe("each invariant of the simulator is seen to fail", () => {
  it("ElectionSafety: two leaders in a term", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    expect(cluster.elect(1, 1)?.property).toBe("ElectionSafety");
  });

  it("OneVoteATerm: a vote that changes, or is gone after a restart", () => {
    for (const votedFor of ["s3", null]) {
      const cluster = new MadeUpCluster();
      cluster.elect(0, 1);
      cluster.step(1, { action: "HandleRequestVoteRequest", currentTerm: 1, votedFor: "s1" });
      expect(cluster.step(1, { action: "Restart", votedFor })?.property).toBe("OneVoteATerm");
    }
  });

  it("AppliedEntriesAgree: two servers that have applied different entries", () => {
    // Something else falls before it: it is looked past, as a search for harm does.
    const cluster = new MadeUpCluster((property) => property !== "AppliedEntriesAgree");
    cluster.write(0, 1, a);
    cluster.write(1, 1, b);
    expect(cluster.step(0, { action: "Apply", lastApplied: 1 })).toBe(null);
    const violation = cluster.step(1, { action: "Apply", lastApplied: 1 });
    expect(violation?.property).toBe("AppliedEntriesAgree");
    expect(violation?.explanation).toBe(
      "at index 1 s2 has applied b of term 1, and s1 a of term 1",
    );
  });

  it("TermGrows: a term that goes back", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    const change = { role: "Follower", currentTerm: 0, votedFor: null } as const;
    expect(cluster.step(0, { action: "Restart", ...change })?.property).toBe("TermGrows");
  });

  it("TermsBeginWithElections: a term out of nowhere", () => {
    const cluster = new MadeUpCluster();
    const step = cluster.step(0, { action: "HandleRequestVoteRequest", currentTerm: 1 });
    expect(step?.property).toBe("TermsBeginWithElections");
    const other = new MadeUpCluster();
    expect(other.elect(0, 2)?.property).toBe("TermsBeginWithElections");
  });

  it("LeaderVotedForItself: a leader that voted for somebody else", () => {
    const cluster = new MadeUpCluster();
    const step = cluster.step(0, { action: "BecomeLeader", role: "Leader" });
    expect(step?.property).toBe("LeaderVotedForItself");
  });

  it("FollowersIssueNoRequests: a follower that asks for votes", () => {
    const cluster = new MadeUpCluster();
    const request: Message = {
      ...{ id: "", type: "RequestVoteRequest", from: "s1", to: "s2" },
      ...{ term: 0, lastLogIndex: 0, lastLogTerm: 0 },
    };
    const step = cluster.step(0, { action: "Apply", sent: [request] });
    expect(step?.property).toBe("FollowersIssueNoRequests");
  });

  it("LeaderAppendOnly: a leader that writes over its log", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    cluster.write(0, 1, a, b);
    expect(cluster.write(0, 2)?.property).toBe("LeaderAppendOnly");
  });

  // @claim LogMatchingCommand
  it("LogMatching: another command at the same index and term", () => {
    const cluster = new MadeUpCluster();
    cluster.write(0, 1, a);
    expect(cluster.write(1, 1, b)?.property).toBe("LogMatching");
  });

  it("LogMatching: the same entry after another one", () => {
    const cluster = new MadeUpCluster();
    cluster.write(0, 1, a, { term: 3, command: "c" });
    const step = cluster.write(1, 1, { term: 2, command: "x" }, { term: 3, command: "c" });
    expect(step?.property).toBe("LogMatching");
  });

  it("LeaderCompleteness: a later leader without a committed entry", () => {
    const cluster = committedCluster();
    expect(cluster.elect(2, 2)?.property).toBe("LeaderCompleteness");
  });

  it("LeaderCompleteness: an entry committed late that a later leader lacks", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    cluster.write(0, 1, a);
    cluster.write(1, 1, a);
    expect(cluster.elect(2, 2)).toBe(null);
    expect(cluster.commit(0, 1)?.property).toBe("LeaderCompleteness");
  });

  it("StateMachineSafety: a follower that takes for committed what is not", () => {
    const cluster = new MadeUpCluster();
    cluster.write(1, 1, a);
    const step = cluster.step(1, { action: "HandleAppendEntriesRequest", commitIndex: 1 });
    expect(step?.property).toBe("StateMachineSafety");
  });

  it("StateMachineSafety: a committed entry that is replaced on a server that knows", () => {
    const cluster = committedCluster();
    expect(cluster.write(2, 1, a)).toBe(null);
    expect(cluster.step(2, { action: "HandleAppendEntriesRequest", commitIndex: 1 })).toBe(null);
    const step = cluster.write(2, 1, { term: 2, command: "x" });
    expect(step?.property).toBe("StateMachineSafety");
  });

  it("CommittedOnMajority: an entry committed on one server of three", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    cluster.write(0, 1, a);
    expect(cluster.commit(0, 1)?.property).toBe("CommittedOnMajority");
  });

  it("CommittedOnMajority: a restart that loses the entry", () => {
    const cluster = committedCluster();
    const step = cluster.step(1, { action: "Restart", logChangedFrom: 1, newEntries: [] });
    expect(step?.property).toBe("CommittedOnMajority");
  });

  it("OnlyOwnTermIsCounted: a leader that commits an older term's entry", () => {
    const cluster = new MadeUpCluster();
    cluster.write(0, 1, a);
    cluster.write(1, 1, a);
    cluster.elect(0, 1);
    cluster.elect(0, 2);
    expect(cluster.commit(0, 1)?.property).toBe("OnlyOwnTermIsCounted");
  });

  it("CommitIndexGrows and LastAppliedGrows: they go back without a restart", () => {
    const cluster = committedCluster();
    cluster.step(0, { action: "Apply", lastApplied: 1 });
    const back = cluster.step(0, { action: "HandleAppendEntriesRequest", commitIndex: 0 });
    expect(back?.property).toBe("CommitIndexGrows");
    const other = committedCluster();
    other.step(0, { action: "Apply", lastApplied: 1 });
    const step = other.step(0, { action: "Apply", lastApplied: 0 });
    expect(step?.property).toBe("LastAppliedGrows");
  });

  it("AppliedIsCommitted and CommitIndexWithinLog", () => {
    const cluster = new MadeUpCluster();
    const step = cluster.step(0, { action: "Apply", lastApplied: 1 });
    expect(step?.property).toBe("AppliedIsCommitted");
    const other = new MadeUpCluster();
    const beyond = other.step(1, { action: "HandleAppendEntriesRequest", commitIndex: 1 });
    expect(beyond?.property).toBe("CommitIndexWithinLog");
  });

  it("MatchIndexIsTrue: a leader that counts what is not there, or no longer", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    cluster.step(1, { action: "HandleRequestVoteRequest", currentTerm: 1 });
    cluster.write(0, 1, a);
    const response = { action: "HandleAppendEntriesResponse", peer: 1, nextIndex: 2 } as const;
    expect(cluster.step(0, { ...response, matchIndex: 1 })?.property).toBe("MatchIndexIsTrue");
    const other = new MadeUpCluster();
    other.elect(0, 1);
    other.step(1, { action: "HandleRequestVoteRequest", currentTerm: 1 });
    other.write(0, 1, a);
    other.write(1, 1, a);
    expect(other.step(0, { ...response, matchIndex: 1 })).toBe(null);
    expect(other.write(1, 1)?.property).toBe("MatchIndexIsTrue");
  });

  it("MatchIndexGrows and NextIndexAboveMatchIndex", () => {
    const cluster = new MadeUpCluster();
    cluster.elect(0, 1);
    cluster.step(1, { action: "HandleRequestVoteRequest", currentTerm: 1 });
    cluster.write(0, 1, a);
    cluster.write(1, 1, a);
    const response = { action: "HandleAppendEntriesResponse", peer: 1 } as const;
    cluster.step(0, { ...response, matchIndex: 1, nextIndex: 2 });
    const back = cluster.step(0, { ...response, matchIndex: 0, nextIndex: 2 });
    expect(back?.property).toBe("MatchIndexGrows");
    for (const nextIndex of [0, 2]) {
      const other = new MadeUpCluster();
      other.elect(0, 1);
      const step = other.step(0, { ...response, matchIndex: 0, nextIndex });
      expect(step?.property).toBe("NextIndexAboveMatchIndex");
    }
  });
});

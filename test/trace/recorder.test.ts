import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createServer, electionTimeout, propose, receive } from "../../src/core/index.ts";
import {
  createRecorder,
  type TraceChanges,
  type TraceEntry,
  type TraceEvent,
  type TraceLogChange,
} from "../../src/trace/index.ts";
import { RecordedCluster, recordRandomExecution, type StateAfter } from "./recorded-cluster.ts";

/** The state that a reader of the trace knows of a server: the deltas, put together. */
class ToldState {
  currentTerm = 0;
  votedFor: string | null = null;
  log: TraceEntry[] = [];
  role = "Follower";
  commitIndex = 0;
  lastApplied = 0;
  votesGranted: readonly string[] = [];
  nextIndex: Record<string, number> = {};
  matchIndex: Record<string, number> = {};
  snapshotIndex = 0;
  round = 0;
  confirmedRound: Record<string, number> = {};

  take(changed: TraceChanges, peers: readonly string[]): void {
    const { log, role, nextIndex, matchIndex, confirmedRound, ...plain } = changed;
    const before = this.snapshotIndex;
    Object.assign(this, plain);
    this.#takeLog(before, log ?? [before + this.log.length + 1, []]);
    if (role !== undefined) {
      this.role = role;
      this.votesGranted = changed.votesGranted ?? [];
      this.nextIndex = Object.fromEntries(peers.map((peer) => [peer, 1]));
      this.matchIndex = Object.fromEntries(peers.map((peer) => [peer, 0]));
      this.round = changed.round ?? 0;
      this.confirmedRound = Object.fromEntries(peers.map((peer) => [peer, 0]));
    }
    Object.assign(this.nextIndex, nextIndex);
    Object.assign(this.matchIndex, matchIndex);
    Object.assign(this.confirmedRound, confirmedRound);
  }

  /** The log is told from behind the snapshot on, which may just have moved. */
  #takeLog(snapshotIndexBefore: number, [from, entries]: TraceLogChange): void {
    const kept = this.log.slice(
      Math.max(0, this.snapshotIndex - snapshotIndexBefore),
      Math.max(0, from - 1 - snapshotIndexBefore),
    );
    this.log = [...kept, ...entries];
  }

  /** What is compared: the variables of a role only in that role. */
  compared(): object {
    return comparedPart({ ...this, votesGranted: [...this.votesGranted].sort() });
  }
}

function comparedPart(state: StateAfter): object {
  const { votesGranted, nextIndex, matchIndex, round, confirmedRound, ...always } = state;
  return {
    ...always,
    ...(state.role === "Candidate" ? { votesGranted } : {}),
    ...(state.role === "Leader" ? { nextIndex, matchIndex, round, confirmedRound } : {}),
  };
}

describe("the recorder", () => {
  test("tells every change: the deltas put together are the states of the servers", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(1, 2, 3, 5),
        fc.boolean(),
        (seed, size, extended) => {
          const ids = Array.from({ length: size }, (_, place) => `s${place + 1}`);
          const steps = size === 1 ? 20 : 200;
          const { events, states } = recordRandomExecution(seed, steps, ids, extended);
          const told = new Map(ids.map((id) => [id, new ToldState()]));
          events.forEach((event, place) => {
            const server = told.get(event.server) ?? new ToldState();
            const peers = ids.filter((id) => id !== event.server);
            server.take(event.changed ?? {}, peers);
            const state = states[place];
            if (state === undefined) throw new Error("no state");
            expect(server.compared(), `event ${place + 1}`).toEqual(comparedPart(state));
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  test("tells nothing twice: an event carries only what differs", () => {
    const { events } = recordRandomExecution(7, 400);
    const heartbeats = events.filter(
      ({ action, sent }) =>
        action === "SendAppendEntries" &&
        sent?.[0]?.type === "AppendEntriesRequest" &&
        sent[0].entries.length === 0,
    );
    expect(heartbeats.length).toBeGreaterThan(0);
    expect(heartbeats.every(({ changed }) => changed === undefined)).toBe(true);
  });

  test("numbers the events of each server from 1, also past a restart, and stamps ids", () => {
    const { events } = recordRandomExecution(3, 400);
    const seqs = new Map<string, number>();
    for (const { server, seq, sent = [] } of events) {
      expect(seq).toBe((seqs.get(server) ?? 0) + 1);
      seqs.set(server, seq);
      expect(sent.map(({ id }) => id)).toEqual(sent.map((_, k) => `${server}:${seq}:${k + 1}`));
    }
    expect(events.some(({ action }) => action === "Restart")).toBe(true);
  });

  test("a receipt names the message under the id it was sent with", () => {
    const { events } = recordRandomExecution(5, 400);
    const sent = new Set(events.flatMap((event) => event.sent ?? []).map(({ id }) => id));
    const received = events.flatMap((event) => event.received ?? []);
    expect(received.length).toBeGreaterThan(50);
    expect(received.every((id) => sent.has(id))).toBe(true);
  });

  test("a Restart carries all that was recovered, whether it changed or not", () => {
    const cluster = new RecordedCluster(["a", "b", "c"]);
    cluster.timeout("a");
    cluster.deliverAll();
    cluster.propose("a", "x");
    cluster.deliverAll();
    cluster.crash("a");
    expect(cluster.events.at(-1)).toEqual({
      server: "a",
      seq: cluster.events.filter(({ server }) => server === "a").length,
      action: "Restart",
      changed: {
        currentTerm: 1,
        votedFor: "a",
        log: [
          1,
          [
            { term: 1, command: null },
            { term: 1, command: "x" },
          ],
        ],
        role: "Follower",
        commitIndex: 0,
        lastApplied: 0,
      },
    });
  });

  test("goes on from the last seq of an earlier life of the process", () => {
    const events: TraceEvent[] = [];
    const recorder = createRecorder({
      servers: ["a"],
      write: (event) => events.push(event),
      lastSeq: { a: 41 },
    });
    const observer = recorder.observe;
    electionTimeout(createServer({ id: "a", servers: ["a"], observer }));
    expect(events[0]?.seq).toBe(42);
    expect(recorder.lastSeqOf("a")).toBe(42 + events.length - 1);
  });

  test("tells a write that the implementation does not report", () => {
    const events: TraceEvent[] = [];
    const recorder = createRecorder({ servers: ["a", "b"], write: (event) => events.push(event) });
    const server = createServer({ id: "a", servers: ["a", "b"], observer: recorder.observe });
    electionTimeout(server);
    server.commitIndex = 7;
    server.log.append({ term: 1, command: "slipped in" });
    electionTimeout(server);
    expect(events.at(-1)?.changed).toMatchObject({
      commitIndex: 7,
      log: [1, [{ term: 1, command: "slipped in" }]],
    });
  });

  test("tells a truncation that brings no entries", () => {
    const events: TraceEvent[] = [];
    const recorder = createRecorder({ servers: ["a"], write: (event) => events.push(event) });
    const server = createServer({ id: "a", servers: ["a"], observer: recorder.observe });
    electionTimeout(server);
    propose(server, ["x", "y"]);
    server.log.truncateAfter(1);
    server.logChangedFrom = 2;
    propose(server, []);
    const step = { action: "Timeout", received: null, sent: [], command: null, index: 0 } as const;
    recorder.observe(server, { ...step, logChangedFrom: 2 });
    expect(events.at(-1)?.changed?.log).toEqual([2, []]);
  });

  test("refuses a server that is not of the cluster", () => {
    const recorder = createRecorder({ servers: ["a"], write: () => {} });
    const stranger = createServer({ id: "b", servers: ["b"], observer: recorder.observe });
    expect(() => electionTimeout(stranger)).toThrow(/server b is not of the cluster a/);
  });

  test("is fit for the core's servers and messages as they are", () => {
    const events: TraceEvent[] = [];
    const recorder = createRecorder({ servers: ["a", "b"], write: (event) => events.push(event) });
    const [a, b] = ["a", "b"].map((id) =>
      createServer({ id, servers: ["a", "b"], observer: recorder.observe }),
    );
    if (a === undefined || b === undefined) throw new Error("no servers");
    electionTimeout(a);
    const [request] = a.output.messages;
    if (request === undefined) throw new Error("no request");
    receive(b, request);
    expect(events.at(-1)).toMatchObject({ server: "b", seq: 1, received: "a:1:1" });
  });
});

/** What malformed traces are made of: lines that are well formed, and a change to one of them. */

export interface Malformed {
  readonly name: string;
  /** The lines of the file, or all of its bytes. */
  readonly lines: readonly unknown[] | Uint8Array | string;
  readonly line: number;
  readonly field: string;
  readonly problem: RegExp;
  /** Whether the schema, which sees one line at a time, refuses the line as well. */
  readonly bySchema: boolean;
}

export type Json = Record<string, unknown>;

export const header = {
  format: "lockstep-raft-trace",
  version: 1,
  servers: ["a", "b", "c"],
  variables: [
    "currentTerm",
    "votedFor",
    "log",
    "role",
    "commitIndex",
    "lastApplied",
    "votesGranted",
    "nextIndex",
    "matchIndex",
  ],
  implementation: { name: "test", version: "1" },
};

export const request = {
  id: "a:1:1",
  type: "RequestVoteRequest",
  from: "a",
  to: "b",
  term: 1,
  lastLogIndex: 0,
  lastLogTerm: 0,
};
export const append = {
  id: "a:1:1",
  type: "AppendEntriesRequest",
  from: "a",
  to: "b",
  term: 1,
  prevLogIndex: 0,
  prevLogTerm: 0,
  entries: [{ term: 1, command: "x" }],
  leaderCommit: 0,
};
export const timeout = {
  server: "a",
  seq: 1,
  action: "Timeout",
  sent: [request],
  changed: { currentTerm: 1, votedFor: "a", role: "Candidate", votesGranted: ["a"] },
};
export const send = { server: "a", seq: 1, action: "SendAppendEntries", sent: [append] };
export const restart = {
  server: "a",
  seq: 1,
  action: "Restart",
  changed: { currentTerm: 1, votedFor: null, log: [1, []] },
};
export const receipt = {
  server: "a",
  seq: 1,
  action: "HandleRequestVoteResponse",
  received: "b:1:1",
};

export const without = (value: Json, key: string): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

export function badHeader(
  name: string,
  change: Json,
  field: string,
  problem: RegExp,
  bySchema = true,
) {
  const lines = [{ ...header, ...change }, timeout];
  return { name, lines, line: 1, field, problem, bySchema };
}

export function badEvent(
  name: string,
  event: Json,
  field: string,
  problem: RegExp,
  bySchema = true,
): Malformed {
  return { name, lines: [header, event], line: 2, field, problem, bySchema };
}

export function badMessage(
  name: string,
  change: Json,
  field: string,
  problem: RegExp,
  bySchema = true,
) {
  const event = { ...timeout, sent: [{ ...request, ...change }] };
  return badEvent(name, event, `sent[0].${field}`, problem, bySchema);
}

export function badChange(
  name: string,
  changed: Json,
  field: string,
  problem: RegExp,
  bySchema = true,
) {
  return badEvent(name, { ...timeout, changed }, `changed.${field}`, problem, bySchema);
}

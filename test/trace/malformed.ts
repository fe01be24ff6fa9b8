/** Malformed traces, each with the place and the words in which it must be refused. */

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

type Json = Record<string, unknown>;

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

const request = {
  id: "a:1:1",
  type: "RequestVoteRequest",
  from: "a",
  to: "b",
  term: 1,
  lastLogIndex: 0,
  lastLogTerm: 0,
};
const append = {
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
const send = { server: "a", seq: 1, action: "SendAppendEntries", sent: [append] };
const restart = {
  server: "a",
  seq: 1,
  action: "Restart",
  changed: { currentTerm: 1, votedFor: null, log: [1, []] },
};
const receipt = { server: "a", seq: 1, action: "HandleRequestVoteResponse", received: "b:1:1" };

const without = (value: Json, key: string): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

function badHeader(name: string, change: Json, field: string, problem: RegExp, bySchema = true) {
  const lines = [{ ...header, ...change }, timeout];
  return { name, lines, line: 1, field, problem, bySchema };
}

function badEvent(
  name: string,
  event: Json,
  field: string,
  problem: RegExp,
  bySchema = true,
): Malformed {
  return { name, lines: [header, event], line: 2, field, problem, bySchema };
}

function badMessage(name: string, change: Json, field: string, problem: RegExp, bySchema = true) {
  const event = { ...timeout, sent: [{ ...request, ...change }] };
  return badEvent(name, event, `sent[0].${field}`, problem, bySchema);
}

function badChange(name: string, changed: Json, field: string, problem: RegExp, bySchema = true) {
  return badEvent(name, { ...timeout, changed }, `changed.${field}`, problem, bySchema);
}

export const malformedHeaders: readonly Malformed[] = [
  badHeader("another version", { version: 2 }, "version", /version 2 is not known.*version 1/),
  badHeader("a version as text", { version: "1" }, "version", /version "1" is not known/),
  badHeader("another format", { format: "otlp" }, "format", /"otlp" is not a trace of Raft/),
  {
    ...badHeader("no format", {}, "format", /missing/),
    lines: [without(header, "format"), timeout],
  },
  {
    ...badHeader("no version", {}, "version", /version nothing is not known/),
    lines: [without(header, "version"), timeout],
  },
  {
    ...badHeader("no header", {}, "format", /without a header/, false),
    lines: [timeout, { ...timeout, seq: 2 }],
  },
  {
    ...badHeader("no servers", {}, "servers", /missing/),
    lines: [without(header, "servers"), timeout],
  },
  badHeader("an empty cluster", { servers: [] }, "servers", /empty/),
  badHeader("a server twice", { servers: ["a", "b", "a"] }, "servers[2]", /twice/),
  badHeader("a name with a space", { servers: ["a b"] }, "servers[0]", /not the name of a server/),
  badHeader("a name that is none", { servers: ["__proto__"] }, "servers[0]", /not the name/),
  badHeader("a number for a server", { servers: [1, 2, 3] }, "servers[0]", /1 is not the name/),
  badHeader("servers as an object", { servers: { a: 1 } }, "servers", /an object is not an array/),
  badHeader("an unknown variable", { variables: ["term"] }, "variables[0]", /not a variable/),
  badHeader(
    "a variable in snake case",
    { variables: ["current_term"] },
    "variables[0]",
    /did you mean "currentTerm"/,
  ),
  badHeader("an unknown field", { sever: "a" }, "sever", /no such field.*did you mean "server"/),
  badHeader(
    "no version of the implementation",
    { implementation: { name: "x" } },
    "implementation.version",
    /missing/,
  ),
  badHeader("a server without an execution", { server: "a" }, "execution", /come together/),
  badHeader("an execution without a server", { execution: "e" }, "server", /come together/),
  badHeader(
    "a server that is not of the cluster",
    { server: "d", execution: "e" },
    "server",
    /not of the cluster/,
    false,
  ),
  badHeader("a fractional seed", { seed: 0.5 }, "seed", /0.5 is not an integer/),
];

export const malformedEvents: readonly Malformed[] = [
  badEvent("an unknown action", { ...timeout, action: "Elect" }, "action", /not an action/),
  badEvent(
    "a misspelt action",
    { ...timeout, action: "RequestVoteHandle" },
    "action",
    /"RequestVoteHandle" is not an action/,
  ),
  badEvent(
    "an action in snake case",
    { ...timeout, action: "advance_commit_index", index: 1 },
    "action",
    /did you mean "AdvanceCommitIndex"/,
  ),
  badEvent("no action", without(timeout, "action"), "action", /missing/),
  badEvent(
    "a read without its round",
    { server: "a", seq: 1, action: "AnswerRead", index: 1 },
    "round",
    /missing/,
  ),
  badEvent(
    "a SendInstallSnapshot of entries",
    { ...send, action: "SendInstallSnapshot" },
    "sent",
    /SendInstallSnapshot sends one InstallSnapshotRequest, not a AppendEntriesRequest/,
  ),
  badEvent("no server", without(timeout, "server"), "server", /nothing is not of the cluster/),
  badEvent("a stranger", { ...timeout, server: "d" }, "server", /"d" is not of the cluster/, false),
  badEvent("no seq", without(timeout, "seq"), "seq", /missing/),
  badEvent("a gap in seq", { ...timeout, seq: 2 }, "seq", /2 leaves a gap: 1 is due/, false),
  badEvent("a seq of 0", { ...timeout, seq: 0 }, "seq", /0 is not the number of an event/),
  badEvent("a seq as text", { ...timeout, seq: "1" }, "seq", /"1" is not the number of an event/),
  {
    ...badEvent("a seq twice", timeout, "seq", /1 was there before: 2 is due/, false),
    lines: [header, timeout, timeout],
    line: 3,
  },
  {
    ...badEvent("a header in the middle", timeout, "server", /header comes in the middle/, false),
    lines: [header, timeout, header],
    line: 3,
  },
  badEvent("an unknown field", { ...timeout, snet: [] }, "snet", /did you mean "sent"/),
  badEvent("the time", { ...timeout, time: 17 }, "time", /no such field/),
  badEvent(
    "a variable outside of changed",
    { ...timeout, currentTerm: 1 },
    "currentTerm",
    /no such field/,
  ),
  badEvent("a parameter too many", { ...timeout, index: 1 }, "index", /Timeout has no such field/),
  badEvent(
    "no parameter: received",
    { server: "a", seq: 1, action: "HandleAppendEntriesRequest" },
    "received",
    /missing/,
  ),
  badEvent(
    "no parameter: command",
    { server: "a", seq: 1, action: "ClientRequest" },
    "command",
    /missing/,
  ),
  badEvent("no parameter: index", { server: "a", seq: 1, action: "Apply" }, "index", /missing/),
  badEvent(
    "an index of -1",
    { server: "a", seq: 1, action: "AdvanceCommitIndex", index: -1 },
    "index",
    /-1 is not the index of an entry/,
  ),
  badEvent(
    "an index of 0",
    { server: "a", seq: 1, action: "Apply", index: 0 },
    "index",
    /0 is not the index of an entry/,
  ),
  badEvent(
    "a fractional index",
    { server: "a", seq: 1, action: "Apply", index: 1.5 },
    "index",
    /1.5 is not the index/,
  ),
  badEvent(
    "an index past 32 bits",
    { server: "a", seq: 1, action: "Apply", index: 2 ** 31 },
    "index",
    /2147483648 is not the index/,
  ),
  badEvent(
    "a command that is an object",
    { server: "a", seq: 1, action: "ClientRequest", command: { put: 1 } },
    "command",
    /an object is not a command/,
  ),
  badEvent(
    "an id of another form",
    { ...receipt, received: "b-1-1" },
    "received",
    /not the id of a message/,
  ),
  badEvent(
    "a message that was not traced",
    { ...receipt, received: "b:untraced" },
    "received",
    /the message came from b, which did not trace its steps/,
  ),
  badEvent("an id of message 0", { ...receipt, received: "b:1:0" }, "received", /not the id/),
  badEvent(
    "a receipt of one's own message",
    { ...receipt, received: "a:1:1" },
    "received",
    /a message of this server itself/,
    false,
  ),
  badEvent(
    "a receipt from a stranger",
    { ...receipt, received: "d:1:1" },
    "received",
    /a sender that is not of the cluster/,
    false,
  ),
  badEvent(
    "SendAppendEntries without a message",
    { server: "a", seq: 1, action: "SendAppendEntries" },
    "sent",
    /missing/,
  ),
  badEvent(
    "SendAppendEntries of two messages",
    { ...send, sent: [append, { ...append, id: "a:1:2", to: "c" }] },
    "sent",
    /not 2 messages/,
  ),
  badEvent(
    "SendAppendEntries of a vote request",
    { ...send, sent: [request] },
    "sent",
    /not a RequestVoteRequest/,
  ),
  badEvent("an event that is an array", [header] as unknown as Json, "", /an array is not an obj/),
  badEvent(
    "a Restart without the log",
    { ...restart, changed: without(restart.changed, "log") },
    "changed.log",
    /missing from a Restart/,
    false,
  ),
  badEvent(
    "a Restart without changes",
    without(restart, "changed"),
    "changed.currentTerm",
    /missing from a Restart/,
    false,
  ),
  badEvent(
    "a Restart that sends",
    { ...restart, sent: [request] },
    "sent",
    /Restart has no such field/,
  ),
  {
    ...badEvent("a Restart whose log begins later", restart, "changed.log[0]", /2 is not 1/),
    lines: [
      header,
      {
        server: "a",
        seq: 1,
        action: "AppendNoOp",
        changed: { log: [1, [{ term: 1, command: null }]] },
      },
      { ...restart, seq: 2, changed: { ...restart.changed, log: [2, []] } },
    ],
    line: 3,
  },
];

export const malformedMessages: readonly Malformed[] = [
  badMessage("an unknown type", { type: "RequestVote" }, "type", /not a type of message/),
  {
    ...badEvent(
      "a snapshot's state",
      {
        ...{ server: "a", seq: 1, action: "SendInstallSnapshot" },
        sent: [
          {
            ...{ id: "a:1:1", type: "InstallSnapshotRequest", from: "a", to: "b", term: 1 },
            ...{ lastIncludedIndex: 1, lastIncludedTerm: 1, data: "{}" },
          },
        ],
      },
      "sent[0].data",
      /no such field/,
    ),
  },
  badMessage(
    "a sender that is not the server",
    { from: "c" },
    "from",
    /"c" is not the server of this event, "a"/,
    false,
  ),
  badMessage("a message to oneself", { to: "a" }, "to", /to its own sender/, false),
  badMessage("a message to a stranger", { to: "d" }, "to", /"d" is not of the cluster/, false),
  badMessage("a wrong id", { id: "a:1:2" }, "id", /not this message's id, "a:1:1"/, false),
  badMessage("an id that is none", { id: 1 }, "id", /not this message's id/),
  badMessage("a negative term", { term: -1 }, "term", /-1 is not a term/),
  badMessage("a field of another type", { voteGranted: true }, "voteGranted", /no such field/),
  badMessage("a misspelt field", { last_log_index: 0 }, "last_log_index", /mean "lastLogIndex"/),
  badEvent(
    "a message without a field",
    { ...timeout, sent: [without(request, "lastLogTerm")] },
    "sent[0].lastLogTerm",
    /missing from a RequestVoteRequest/,
  ),
  badEvent(
    "a message without a type",
    { ...timeout, sent: [without(request, "type")] },
    "sent[0].type",
    /missing/,
  ),
  badEvent("messages as an object", { ...timeout, sent: request }, "sent", /not an array/),
  badEvent("a message that is null", { ...timeout, sent: [null] }, "sent[0]", /null is not an obj/),
  badEvent(
    "an entry of term 0",
    { ...send, sent: [{ ...append, entries: [{ term: 0, command: "x" }] }] },
    "sent[0].entries[0].term",
    /0 is not the term of an entry/,
  ),
  badEvent(
    "an entry without a command",
    { ...send, sent: [{ ...append, entries: [{ term: 1, command: "x" }, { term: 1 }] }] },
    "sent[0].entries[1].command",
    /missing from an entry/,
  ),
  badEvent(
    "an entry with an index",
    { ...send, sent: [{ ...append, entries: [{ term: 1, command: "x", index: 1 }] }] },
    "sent[0].entries[0].index",
    /an entry has no such field/,
  ),
  ...[
    { success: true, prevLogIndex: 0, lastLogIndex: 0, wrong: "prevLogIndex" },
    { success: false, matchIndex: 0, wrong: "matchIndex" },
  ].map(({ wrong, ...fields }) =>
    badEvent(
      `${wrong} with success ${fields.success}`,
      {
        server: "a",
        seq: 1,
        action: "HandleAppendEntriesRequest",
        received: "b:1:1",
        sent: [
          { id: "a:1:1", type: "AppendEntriesResponse", from: "a", to: "b", term: 1, ...fields },
        ],
      },
      `sent[0].${wrong}`,
      /no such field/,
    ),
  ),
];

export const malformedChanges: readonly Malformed[] = [
  badChange("a typo", { comitIndex: 1 }, "comitIndex", /did you mean "commitIndex"/),
  badChange("a commit index of -1", { commitIndex: -1 }, "commitIndex", /-1 is not an index/),
  badChange("a term as text", { currentTerm: "1" }, "currentTerm", /"1" is not a term/),
  badChange("a null index", { lastApplied: null }, "lastApplied", /null is not an index/),
  badChange("a vote for a stranger", { votedFor: "d" }, "votedFor", /not of the clus/, false),
  badChange("a vote for the empty name", { votedFor: "" }, "votedFor", /not of the cluster/),
  badChange("a role in small letters", { role: "leader" }, "role", /did you mean "Leader"/),
  badChange("votes of a stranger", { votesGranted: ["d"] }, "votesGranted[0]", /not of/, false),
  badChange("a vote twice", { votesGranted: ["a", "a"] }, "votesGranted[1]", /twice/),
  badChange("a nextIndex of 0", { nextIndex: { b: 0 } }, "nextIndex.b", /0 is not a nextIndex/),
  badChange(
    "one's own nextIndex",
    { nextIndex: { a: 1 } },
    'nextIndex."a"',
    /the server itself/,
    false,
  ),
  badChange(
    "a matchIndex of a stranger",
    { matchIndex: { d: 1 } },
    'matchIndex."d"',
    /not of the cluster/,
    false,
  ),
  badChange("a whole log", { log: [{ term: 1, command: "x" }] }, "log", /2 elements, not 1/),
  badChange("a log from 0", { log: [0, []] }, "log[0]", /0 is not the index of an entry/),
  badChange("a log with a hole", { log: [2, []] }, "log[0]", /leaves a hole.*ends at 0/, false),
  badChange("an entry of term 0", { log: [1, [{ term: 0, command: "x" }]] }, "log[1][0].term", /0/),
  badChange("a snapshot", { snapshot: { lastIncludedIndex: 3 } }, "snapshot", /no such field/),
  {
    ...badChange("a variable not listed", {}, "lastApplied", /header does not list/, false),
    lines: [
      { ...header, variables: ["currentTerm"] },
      { ...timeout, changed: { lastApplied: 1 } },
    ],
  },
];

export const malformedFiles: readonly Malformed[] = [
  { name: "an empty file", lines: "", line: 1, field: "", problem: /empty/, bySchema: false },
  {
    name: "a header and no events",
    lines: [header],
    line: 1,
    field: "",
    problem: /a header and no events/,
    bySchema: false,
  },
  {
    name: "a header and no events, not even a newline",
    lines: JSON.stringify(header),
    line: 1,
    field: "",
    problem: /a header and no events/,
    bySchema: false,
  },
  {
    name: "an empty line",
    lines: `${JSON.stringify(header)}\n\n${JSON.stringify(timeout)}\n`,
    line: 2,
    field: "",
    problem: /the line is empty/,
    bySchema: false,
  },
  {
    name: "not JSON",
    lines: `${JSON.stringify(header)}\nserver=a seq=1\n`,
    line: 2,
    field: "",
    problem: /not JSON/,
    bySchema: false,
  },
  {
    name: "one JSON document and not a line an event",
    lines: JSON.stringify([header, timeout], null, 2),
    line: 1,
    field: "",
    problem: /not JSON/,
    bySchema: false,
  },
  {
    name: "a torn last line",
    lines: `${JSON.stringify(header)}\n${JSON.stringify(timeout).slice(0, -20)}`,
    line: 2,
    field: "",
    problem: /the last line is cut off/,
    bySchema: false,
  },
  {
    name: "a byte order mark",
    lines: `\ufeff${JSON.stringify(header)}\n${JSON.stringify(timeout)}\n`,
    line: 1,
    field: "",
    problem: /byte order mark/,
    bySchema: false,
  },
  {
    name: "a field twice",
    lines: `${JSON.stringify(header)}\n{"server":"a","seq":1,"action":"Restart","action":"Timeout"}\n`,
    line: 2,
    field: "action",
    problem: /there twice/,
    bySchema: false,
  },
  {
    name: "a field twice, with spaces",
    lines: `${JSON.stringify(header)}\n{"server" : "a","seq" :1,"action":"Timeout","seq" : 1}\n`,
    line: 2,
    field: "seq",
    problem: /there twice/,
    bySchema: false,
  },
  {
    name: "not UTF-8",
    lines: Buffer.concat([
      Buffer.from(`${JSON.stringify(header)}\n{"server":"a","seq":1,"note":"`),
      Buffer.from([0xe4]),
      Buffer.from('"}\n'),
    ]),
    line: 2,
    field: "",
    problem: /not UTF-8/,
    bySchema: false,
  },
  {
    name: "a compressed file",
    lines: Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x0a, 0xff]),
    line: 1,
    field: "",
    problem: /compressed/,
    bySchema: false,
  },
  {
    name: "a file in UTF-16",
    lines: Buffer.from("\uFEFF{}\n", "utf16le"),
    line: 1,
    field: "",
    problem: /the file is in UTF-16/,
    bySchema: false,
  },
];

export const malformed: readonly Malformed[] = [
  ...malformedHeaders,
  ...malformedEvents,
  ...malformedMessages,
  ...malformedChanges,
  ...malformedFiles,
];

/** The bytes of a malformed trace. */
export function bytesOf({ lines }: Malformed): Uint8Array {
  if (lines instanceof Uint8Array) return lines;
  if (typeof lines === "string") return Buffer.from(lines);
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** What the server should have done in place of what it did, and what its logger may have missed. */
import { counted, withArticle } from "../../src/trace/counted.ts";
import type { TraceAction, TraceEvent } from "../../src/trace/format.ts";
import type { ServerState } from "../compiled/server-state.ts";
import type { Divergence, Finding, TraceToCheck, Value } from "../engine.ts";
import { entryText, fieldOf, list, without } from "./parts.ts";
import { cut, joined, tellValue } from "./tell.ts";

/** So much of a message's fields is told, and of so many messages. */
const MOST_FIELDS = 120;
const MOST_MESSAGES = 4;

/** Its sender, the sender's event, and its place among what that sent. */
const MESSAGE_ID = /^(.*):(\d+):\d+$/;

/** Where the action was not possible at all: what to wait for. */
const INSTEAD: Readonly<Record<TraceAction, string>> = {
  Timeout: "It should not begin an election: a leader goes on leading until it sees a larger term.",
  HandleRequestVoteRequest: "It should handle only requests for a vote that were sent to it.",
  HandleRequestVoteResponse: "It should handle only answers to its own requests for a vote.",
  BecomeLeader:
    "It should remain a candidate until more than half of all servers have voted for it in its term.",
  ClientRequest: "It should send the client on to the leader: only a leader appends commands.",
  AppendNoOp:
    "It should append the empty entry only as leader, and once, at the start of its term.",
  SendAppendEntries:
    "It should send only as leader, only entries that its log holds, and from an index that it may still have to send.",
  HandleAppendEntriesRequest:
    "It should handle only entries that were sent to it by another server.",
  HandleAppendEntriesResponse: "It should handle only answers to entries that it sent.",
  AdvanceCommitIndex:
    "It should leave its commit index until an entry of its own term is on more than half of all servers.",
  Apply: "It should apply only entries that are committed, in the order of its log.",
  Restart: "It should come back with what it had persisted.",
  CompactLog: "It should compact only what it has applied, beyond its last snapshot.",
  SendInstallSnapshot: "It should send its snapshot only as leader, and once it has one.",
  HandleInstallSnapshotRequest: "It should handle only snapshots that were sent to it.",
  ReadRequest: "It should take reads only as leader, once it has committed an entry of its term.",
  ConfirmLeadership: "It should ask only as leader, in a new round.",
  HandleConfirmLeadershipRequest: "It should handle only questions that were sent to it.",
  HandleConfirmLeadershipResponse: "It should handle only answers to its own questions.",
  AnswerRead:
    "It should answer once a majority has confirmed that it leads, and it has applied up to the read's index.",
};

/** What the server should have done, in a sentence or two. */
export function insteadOf(divergence: Divergence, state: ServerState | null): string {
  const { kind, action, findings } = divergence;
  switch (kind) {
    case "notEnabled":
      return insteadOfGuard(findings) ?? INSTEAD[action];
    case "mismatch": {
      const parts = findings.flatMap((finding) => instead(finding, state));
      return `It should ${joined(parts, "and")}.`;
    }
    case "violated":
      return "The step is one of Raft's by itself: what led there went wrong before, where the trace shows too little to tell.";
    case "notSent":
      return "It can only receive what a server sent before, under the id that the message was sent with.";
  }
}

/** Of a guard that is not about whether to take the action, but how. */
function insteadOfGuard(findings: readonly Finding[]): string | undefined {
  const [first] = findings;
  if (first === undefined) return undefined;
  switch (first.name) {
    case "NextIndexChoices": {
      const [low, high] = list(first.expected);
      const choices = low === high ? `${low}` : `${low} to ${high}`;
      return `It should have a nextIndex of ${choices} for that server, and not of ${JSON.stringify(first.actual)}.`;
    }
    case "to":
      return "It should leave to others what was sent to them.";
    case "type":
      return "It should handle a message in the action of its type.";
    default:
      return undefined;
  }
}

function valueBefore(name: string, state: ServerState | null): Value | undefined {
  if (state === null) return undefined;
  switch (name) {
    case "currentTerm":
    case "votedFor":
    case "role":
    case "commitIndex":
    case "lastApplied":
    case "snapshotIndex":
    case "round":
      return state[name];
    default:
      return undefined;
  }
}

function instead(finding: Finding, state: ServerState | null): readonly string[] {
  const { name, expected, actual } = finding;
  if (name === "sent") return [insteadOfMessages(list(expected), list(actual))];
  if (name === "log") return [insteadOfLog(list(expected), list(actual))];
  const ofPeers = insteadOfPeers(finding);
  if (ofPeers.length > 0) return ofPeers;
  const value = name === "votedFor" ? tellValue(expected) : cut(JSON.stringify(expected), 80);
  const isAsBefore = expected === valueBefore(name, state);
  return [isAsBefore ? `leave ${name} at ${value}` : `set ${name} to ${value}`];
}

/** Of a variable that has a value for each peer, those that differ; none of any other. */
function insteadOfPeers({ name, expected, actual }: Finding): readonly string[] {
  if (!["nextIndex", "matchIndex", "confirmedRound"].includes(name)) return [];
  const peersByValue = new Map<unknown, string[]>();
  for (const [peer, value] of Object.entries(Object(expected))) {
    if (value === Reflect.get(Object(actual), peer)) continue;
    peersByValue.set(value, [...(peersByValue.get(value) ?? []), peer]);
  }
  return [...peersByValue].map(
    ([value, peers]) => `have a ${name} of ${value} for ${joined(peers, "and")}`,
  );
}

/** The one field that differs where there is one message, else what is missing and what is too much. */
function insteadOfMessages(expected: readonly Value[], actual: readonly Value[]): string {
  const [one, other] = [expected[0], actual[0]];
  if (expected.length === 1 && actual.length === 1 && isAlike(one, other)) {
    const fields = Object.entries(Object(one)).filter(
      ([name, value]) => JSON.stringify(Reflect.get(Object(other), name)) !== JSON.stringify(value),
    );
    return `send its ${fieldOf(one, "type")} with ${joined(fieldsTold(fields), "and")}`;
  }
  const missing = without(expected, actual).map((message) => `send ${told(message)}`);
  const extra = without(actual, expected).map((message) => `not send ${told(message)}`);
  const all = [...missing, ...extra];
  const more = all.length - MOST_MESSAGES;
  if (more <= 0) return joined(all, "and");
  return `${all.slice(0, MOST_MESSAGES).join(", ")}, and so on for ${counted(more, "more message")}`;
}

/** As many fields as a reader takes in, each of them whole; the first in any case. */
function fieldsTold(fields: readonly (readonly [string, unknown])[]): readonly string[] {
  const texts = fields.map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const fits = texts.findIndex(
    (_, place) => place > 0 && texts.slice(0, place + 1).join(", ").length > MOST_FIELDS,
  );
  return fits < 0 ? texts : [...texts.slice(0, fits), "…"];
}

function isAlike(one: Value | undefined, other: Value | undefined): boolean {
  return (
    fieldOf(one, "type") === fieldOf(other, "type") && fieldOf(one, "to") === fieldOf(other, "to")
  );
}

function told(message: Value): string {
  const { type, from: _, to, ...fields } = Object(message);
  return `${to} ${withArticle(type)} (${fieldsTold(Object.entries(fields)).join(", ")})`;
}

function insteadOfLog(expected: readonly Value[], actual: readonly Value[]): string {
  const place = expected.findIndex(
    (entry, index) => JSON.stringify(entry) !== JSON.stringify(actual[index]),
  );
  if (place < 0) {
    return `have a log of ${counted(expected.length, "entry", "entries")} and not of ${actual.length}`;
  }
  const there = actual[place];
  const has = there === undefined ? "and not end before it" : `and not ${entryText(there)}`;
  return `have at index ${place + 1} of its log ${entryText(expected[place] ?? null)}, ${has}`;
}

/**
 * What may be wrong with the logging and not with the server: a change that is not logged, messages
 * that are left out, an id that is not that of a message.
 */
export function hintsFor(
  divergence: Divergence,
  state: ServerState | null,
  { events, header }: TraceToCheck,
): readonly string[] {
  const event = events[divergence.event];
  if (event === undefined) return [];
  const { findings } = divergence;
  const isMerged = header.execution !== undefined;
  const lost = isMerged ? hintOfLostEnd(divergence, event, events) : [];
  switch (divergence.kind) {
    case "mismatch":
      return findings.flatMap(({ name, expected }) => hintOf(name, expected, event, state));
    case "notSent":
      return [hintOfId(event.received ?? "", divergence.event, events, isMerged), ...lost];
    case "notEnabled":
      return [...findings.flatMap(({ name }) => hintOfGuard(name, event, state)), ...lost];
    case "violated":
      return [];
  }
}

/** Of an event that is several steps in one. */
export function hintOfSteps(actions: readonly TraceAction[]): readonly string[] {
  if (actions.length === 0) return [];
  return [
    `The event is several steps of the spec in one: ${joined(actions, "and then")}. Each is logged as an ` +
      "event of its own (spec/TRACE.md, The actions).",
  ];
}

function hintOf(
  name: string,
  expected: Value,
  event: TraceEvent,
  state: ServerState | null,
): readonly string[] {
  if (name === "sent") {
    if ((event.sent ?? []).length > 0 || list(expected).length === 0) return [];
    return [
      "The event logs no message in sent. A message is logged also where it got lost on its way.",
    ];
  }
  const logged: unknown = Reflect.get(event.changed ?? {}, name);
  if (logged === undefined) return [notLogged(name)];
  const former = valueBefore(name, state);
  if (logged !== former || former === expected) return [];
  return [
    `The event logs ${name} as it was before the step. What changed is logged as it is after the step.`,
  ];
}

function hintOfGuard(
  name: string,
  event: TraceEvent,
  state: ServerState | null,
): readonly string[] {
  if (name === "NextIndexChoices" && event.changed?.nextIndex === undefined) {
    return [notLogged("nextIndex")];
  }
  const isOver =
    name === "index" &&
    state !== null &&
    event.action === "Apply" &&
    (event.index ?? 0) <= state.lastApplied;
  if (!isOver) return [];
  return [
    `${event.server} had applied up to index ${state.lastApplied} before. A server that begins anew after a crash logs a Restart first.`,
  ];
}

function notLogged(name: string): string {
  return (
    `The event logs no change of ${name}, which means that there was none. If the server changed it, the ` +
    "logger leaves it out; if the logger cannot see it, take it off the header's variables."
  );
}

/**
 * Of a message that is not there, or is another than what was received, where its sender came back
 * before: a loss of power takes the end of a trace, and the numbers of what is gone are used again.
 */
function hintOfLostEnd(
  { kind, findings }: Divergence,
  { received = "" }: TraceEvent,
  events: readonly TraceEvent[],
): readonly string[] {
  const isOtherMessage = findings.some(({ name }) => name === "type" || name === "to");
  if (kind !== "notSent" && !isOtherMessage) return [];
  const [, sender] = MESSAGE_ID.exec(received) ?? [];
  const restart = events.findLast(
    ({ server, action }) => server === sender && action === "Restart",
  );
  if (restart === undefined) return [];
  return [
    `${sender} came back from a crash (#${restart.seq}). If its machine lost power then, and not only ` +
      "its process was killed, its file may lack what it had sent last, and has used the ids of that " +
      "again: then the trace is at fault, and not the code (spec/TRACE.md, Crashes).",
  ];
}

/** Where the id that was never sent before is, or what comes nearest to it. */
function hintOfId(
  id: string,
  place: number,
  events: readonly TraceEvent[],
  isMerged: boolean,
): string {
  const later = events.slice(place).find(({ sent }) => sent?.some((message) => message.id === id));
  if (later !== undefined) {
    const sending = `${id} is sent by ${later.server} #${later.seq}`;
    return isMerged
      ? `${sending}, which itself needs steps that come after this receipt: a file lacks steps whose messages have left, as after a crash (spec/TRACE.md, Crashes).`
      : `${sending}, later in the trace: the order of the events is not that of the steps.`;
  }
  const [, server, seq] = MESSAGE_ID.exec(id) ?? [];
  const sender = events.find((event) => event.server === server && event.seq === Number(seq));
  if (sender === undefined) return `There is no event ${server} #${seq} that could have sent it.`;
  const ids = (sender.sent ?? []).map((message) => message.id);
  return ids.length === 0
    ? `${server} #${seq}, ${withArticle(sender.action)}, sent nothing. Every message is logged by the event that sends it, heartbeats too.`
    : `${server} #${seq}, ${withArticle(sender.action)}, sent only ${ids.join(", ")}.`;
}

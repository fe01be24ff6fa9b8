import type {
  TraceAction,
  TraceChanges,
  TraceEvent,
  TraceHeader,
  TraceMessage,
  TraceVariable,
} from "../../../src/trace/index.ts";
import type { Mutation } from "./mutate.ts";
import { canonical, contentOf } from "./replay.ts";

/**
 * Why Raft allows what a mutation made of a valid trace. Each reason is judged by the
 * original events and the mutation alone, without asking any checker.
 */
export const REASONS = {
  sameState: "the changed event tells the same state in other words",
  sameContent: "another message of the same content was received",
  sameEffect: "another message was received, sent before to this server, with the same effect",
  anySlice: "a leader may send any slice of its log, and whoever received it did the same",
  notLogged: "the trace does not log the variable that would tell",
  freeNextIndex: "nextIndex is a hint that a leader chooses",
  commutes: "steps of different servers without a message between them commute",
  independent: "steps of one server that change different variables may come in either order",
  equalSteps: "the two steps are the same step",
  withoutEffect: "the dropped step changed nothing, and nobody received what it sent",
  lastOfServer: "the dropped step was its server's last, and nobody received what it sent",
  toldAgain: "all that the dropped step changed is told again by later steps, that did not need it",
  notNeeded: "an application, a response or a crash may fail to come, and no later step needed it",
  again: "messages may be sent and arrive twice, and a server may restart twice",
} as const;
export type Reason = keyof typeof REASONS;

/** The reason why the mutation is allowed; null where there is none that we know of. */
export function reasonFor(
  header: TraceHeader,
  original: readonly TraceEvent[],
  mutation: Mutation,
  mutated: readonly TraceEvent[],
): Reason | null {
  switch (mutation.kind) {
    case "change":
      return reasonForChange(header, original, mutation, mutated);
    case "drop":
      return reasonForDrop(original, mutation.other);
    case "repeat":
      return reasonForRepeat(original[mutation.other]);
    case "swap":
      return reasonForSwap(original, mutation.place, mutation.other);
  }
}

function reasonForChange(
  header: TraceHeader,
  original: readonly TraceEvent[],
  { place, path }: Mutation,
  mutated: readonly TraceEvent[],
): Reason | null {
  const [before, after] = [original[place], mutated[place]];
  if (before === undefined || after === undefined) return null;
  if (path[0] === "received") return reasonForReceipt(original, place, after.received ?? "");
  if (before.action === "SendAppendEntries" && path[0] === "sent") {
    return "anySlice";
  }
  const tells = TOLD_BY_INDEX[before.action];
  if (path[0] === "index" && tells !== undefined) {
    return header.variables.includes(tells) ? null : "notLogged";
  }
  const toldBefore = toldAfter(header, original, place);
  const toldNow = toldAfter(header, mutated, place);
  if (canonical(toldBefore) === canonical(toldNow)) return "sameState";
  const withoutNext = ({ nextIndex: _next, ...rest }: Told) => canonical(rest);
  return withoutNext(toldBefore) === withoutNext(toldNow) ? "freeNextIndex" : null;
}

/** The variable in which the index of an action shows. */
const TOLD_BY_INDEX: Readonly<Partial<Record<TraceAction, TraceVariable>>> = {
  AdvanceCommitIndex: "commitIndex",
  Apply: "lastApplied",
  CompactLog: "snapshotIndex",
};

function reasonForReceipt(
  original: readonly TraceEvent[],
  place: number,
  id: string,
): Reason | null {
  const event = original[place];
  const isNamed = (name: string | undefined) => (message: TraceMessage) => message.id === name;
  const sent = original.slice(0, place).flatMap((each) => each.sent ?? []);
  const was = sent.find(isNamed(event?.received));
  const is = sent.find(isNamed(id));
  if (event === undefined || was === undefined || is === undefined) return null;
  if (contentOf(was) === contentOf(is)) return "sameContent";
  return is.to === event.server && event.action === `Handle${is.type}` ? "sameEffect" : null;
}

const BY_PEER: ReadonlySet<string> = new Set(["nextIndex", "matchIndex", "confirmedRound"]);
const OF_A_LEADER: ReadonlySet<string> = new Set([...BY_PEER, "round"]);

interface Told {
  readonly [variable: string]: unknown;
  readonly nextIndex?: unknown;
}

/** What the trace has told of the event's server, and of that step, right after it. */
function toldAfter(header: TraceHeader, events: readonly TraceEvent[], place: number): Told {
  const { server } = events[place] ?? {};
  const { changed: _changed, sent = [], ...step } = events[place] ?? {};
  let told: Record<string, unknown> = { currentTerm: 0, votedFor: null, role: "Follower" };
  Object.assign(told, { commitIndex: 0, lastApplied: 0, log: [], snapshotIndex: 0, round: 0 });
  for (const event of events.slice(0, place + 1)) {
    if (event.server === server) told = toldWith(told, event.changed ?? {});
  }
  const isCompared = (variable: string): boolean => {
    if (variable === "votesGranted") return told.role === "Candidate";
    return !OF_A_LEADER.has(variable) || told.role === "Leader";
  };
  const compared = Object.entries(told).filter(
    ([variable]) => isCompared(variable) && header.variables.some((each) => each === variable),
  );
  return { ...Object.fromEntries(compared), step: canonical(step), sent: canonical(sent) };
}

function toldWith(told: Record<string, unknown>, changed: TraceChanges): Record<string, unknown> {
  const { log, nextIndex, matchIndex, confirmedRound, votesGranted, ...plain } = changed;
  const isNewRole = changed.role !== undefined && changed.role !== told.role;
  const ofRole = { nextIndex: {}, matchIndex: {}, votesGranted: [], round: 0, confirmedRound: {} };
  const role = isNewRole ? ofRole : {};
  const next: Record<string, unknown> = { ...told, ...role, ...plain };
  if (log !== undefined) {
    const former: unknown = told.log;
    next.log = [...(Array.isArray(former) ? former.slice(0, log[0] - 1) : []), ...log[1]];
  }
  if (votesGranted !== undefined) next.votesGranted = [...votesGranted].sort();
  const at = (values: unknown, base: number): Record<string, number> =>
    Object.fromEntries(
      Object.entries(Object(values)).filter(([, index]) => index !== base),
    ) as Record<string, number>;
  next.nextIndex = at({ ...Object(next.nextIndex), ...nextIndex }, 1);
  next.matchIndex = at({ ...Object(next.matchIndex), ...matchIndex }, 0);
  next.confirmedRound = at({ ...Object(next.confirmedRound), ...confirmedRound }, 0);
  return next;
}

/** What an event changes and to what, peer by peer where a variable has a value for each. */
function changedBy(event: TraceEvent): ReadonlyMap<string, string> {
  const changes = Object.entries(event.changed ?? {}).flatMap(
    ([variable, value]: [string, unknown]): [string, string][] =>
      BY_PEER.has(variable)
        ? Object.entries(Object(value)).map(([peer, index]) => [`${variable} ${peer}`, `${index}`])
        : [[variable, canonical(value)]],
  );
  return new Map(changes);
}

function reasonForDrop(original: readonly TraceEvent[], place: number): Reason | null {
  const event = original[place];
  if (event === undefined) return null;
  const later = original.slice(place + 1);
  if (later.some((each) => receivesFrom(each, event))) return null;
  const changed = [...changedBy(event).keys()].filter((name) => !name.startsWith("nextIndex"));
  if (changed.length === 0) return "withoutEffect";
  const ofServer = later.filter(({ server }) => server === event.server);
  if (ofServer.length === 0) return "lastOfServer";
  const isToldAgain = (name: string) => ofServer.some((each) => changedBy(each).has(name));
  if (changed.every(isToldAgain)) return "toldAgain";
  return MAY_FAIL_TO_COME.has(event.action) ? "notNeeded" : null;
}

const MAY_FAIL_TO_COME: ReadonlySet<string> = new Set([
  "Apply",
  "CompactLog",
  "HandleConfirmLeadershipResponse",
  "HandleRequestVoteResponse",
  "HandleAppendEntriesResponse",
  "Restart",
]);

function reasonForRepeat(event: TraceEvent | undefined): Reason | null {
  if (event === undefined) return null;
  const mayComeAgain = event.received !== undefined || MAY_COME_AGAIN.has(event.action);
  return mayComeAgain ? "again" : null;
}

/** A read that is asked twice is one read: it waits for the same. */
const MAY_COME_AGAIN: ReadonlySet<string> = new Set([
  "SendAppendEntries",
  "SendInstallSnapshot",
  "ReadRequest",
  "Restart",
]);

function reasonForSwap(
  original: readonly TraceEvent[],
  first: number,
  second: number,
): Reason | null {
  const [a, b] = [original[first], original[second]];
  if (a === undefined || b === undefined) return null;
  const between = original.slice(first, second + 1);
  const [early, late] = [between.slice(1), between.slice(0, -1)];
  const isFree =
    !early.some((event) => event.server === a.server || receivesFrom(event, a)) &&
    !late.some((event) => event.server === b.server || receivesFrom(b, event));
  if (isFree) return "commutes";
  const sent = [a, b].map((event) => canonical((event.sent ?? []).map(contentOf)));
  const step = (event: TraceEvent) => canonical({ ...event, seq: 0, sent: [] });
  if (a.server === b.server && step(a) === step(b) && sent[0] === sent[1]) return "equalSteps";
  const isSentBefore =
    !early.some((event) => receivesFrom(event, a)) && !late.some((event) => receivesFrom(b, event));
  const isUndisturbed =
    !early.some((event) => disturb(a, event)) && !late.some((event) => disturb(b, event));
  return isSentBefore && isUndisturbed ? "independent" : null;
}

/** Whether two steps of one server give a variable different values; nextIndex is free. */
function disturb(a: TraceEvent, b: TraceEvent): boolean {
  if (a.server !== b.server) return false;
  const [of, values] = [changedBy(a), changedBy(b)];
  return [...of].some(
    ([variable, value]) =>
      !variable.startsWith("nextIndex") && values.has(variable) && values.get(variable) !== value,
  );
}

function receivesFrom(event: TraceEvent, sender: TraceEvent): boolean {
  return (sender.sent ?? []).some(({ id }) => id === event.received);
}

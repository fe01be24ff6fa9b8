import type { Message } from "../core/index.ts";

/**
 * One thing that happens to a simulated cluster. A list of moves is a schedule: with the
 * dials it is a whole execution, without any randomness.
 *
 * The network is the spec's set of all messages ever sent, so that loss, delay, duplication,
 * reordering and partitions need no moves: a message is received never, later, or again.
 * A message is named from the newest backwards, among those of its type on its link, since
 * such a name survives when earlier moves are left out. Likewise persisting is no move where
 * it follows at once; only a step that waits for its group is marked by `held`.
 */
export type Move =
  | { readonly type: "timeout"; readonly server: number; readonly held: boolean }
  | { readonly type: "heartbeat"; readonly server: number; readonly held: boolean }
  | {
      readonly type: "deliver";
      readonly from: number;
      readonly to: number;
      readonly message: Message["type"];
      /** How many of its type were sent later on this link. */
      readonly age: number;
      readonly held: boolean;
    }
  | {
      /** Clients ask a server: for the next thing they want, or again for the last. */
      readonly type: "ask";
      readonly clients: readonly number[];
      readonly server: number;
      readonly held: boolean;
    }
  | { readonly type: "answer"; readonly client: number }
  /** A server takes a snapshot of what it has applied, and compacts its log. */
  | { readonly type: "compact"; readonly server: number; readonly held: boolean }
  | { readonly type: "persist"; readonly server: number }
  | {
      readonly type: "crash";
      readonly server: number;
      /** Of the steps not persisted yet, how many still reach the disk. */
      readonly survive: number;
    }
  | { readonly type: "restart"; readonly server: number };

const MESSAGE_TYPES = [
  "RequestVoteRequest",
  "RequestVoteResponse",
  "AppendEntriesRequest",
  "AppendEntriesResponse",
  "InstallSnapshotRequest",
  "ConfirmLeadershipRequest",
  "ConfirmLeadershipResponse",
] as const satisfies readonly Message["type"][];

/** A move in one line, such as `deliver s1 to s2 RequestVoteRequest`. */
export function formatMove(move: Move): string {
  switch (move.type) {
    case "timeout":
    case "heartbeat":
    case "compact":
      return `${move.type} s${move.server + 1}${held(move.held)}`;
    case "deliver": {
      const age = move.age === 0 ? "" : ` ~${move.age}`;
      const link = `s${move.from + 1} to s${move.to + 1}`;
      return `deliver ${link} ${move.message}${age}${held(move.held)}`;
    }
    case "ask": {
      const clients = move.clients.map((client) => `c${client + 1}`).join(",");
      return `ask ${clients} s${move.server + 1}${held(move.held)}`;
    }
    case "answer":
      return `answer c${move.client + 1}`;
    case "persist":
    case "restart":
      return `${move.type} s${move.server + 1}`;
    case "crash":
      return `crash s${move.server + 1}${move.survive === 0 ? "" : ` after ${move.survive}`}`;
  }
}

function held(isHeld: boolean): string {
  return isHeld ? " held" : "";
}

/** The move that a line stands for; null where it stands for none. */
export function parseMove(line: string): Move | null {
  const text = line.trim();
  const isHeld = text.endsWith(" held");
  const words = (isHeld ? text.slice(0, -" held".length) : text).split(/\s+/);
  const [type, first = "", second = "", third = "", fourth = "", fifth = ""] = words;
  const server = parseName("s", first);
  switch (type) {
    case "timeout":
    case "heartbeat":
    case "compact":
      return server === null || words.length !== 2 ? null : { type, server, held: isHeld };
    case "deliver": {
      const to = second === "to" ? parseName("s", third) : null;
      const message = MESSAGE_TYPES.find((name) => name === fourth);
      const age = fifth === "" ? 0 : parseName("~", fifth, 0);
      if (server === null || to === null || message === undefined || age === null) return null;
      return { type, from: server, to, message, age, held: isHeld };
    }
    case "ask": {
      const clients = first.split(",").map((name) => parseName("c", name));
      const asked = parseName("s", second);
      if (asked === null || clients.includes(null) || words.length !== 3) return null;
      return { type, clients: clients.filter(isPlace), server: asked, held: isHeld };
    }
    case "answer": {
      const client = parseName("c", first);
      return client === null ? null : { type, client };
    }
    case "persist":
    case "restart":
      return server === null ? null : { type, server };
    case "crash": {
      const survive = second === "after" ? parseName("", third, 0) : 0;
      return server === null || survive === null ? null : { type, server, survive };
    }
    default:
      return null;
  }
}

function isPlace(place: number | null): place is number {
  return place !== null;
}

/** `s2` is place 1: names count from 1, places from 0. */
function parseName(prefix: string, name: string, countsFrom = 1): number | null {
  if (!name.startsWith(prefix)) return null;
  const digits = name.slice(prefix.length);
  if (!/^\d{1,6}$/.test(digits)) return null;
  const place = Number(digits) - countsFrom;
  return place < 0 ? null : place;
}

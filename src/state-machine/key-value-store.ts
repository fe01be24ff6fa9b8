import type { Command, Index } from "../core/index.ts";
import { decodeCommand, decodeQuery, type Operation, type SessionCommand } from "./commands.ts";
import { Sessions } from "./sessions.ts";
import type { StateMachine } from "./state-machine.ts";

/** What the store answers. */
export type StoreAnswer =
  /** The session's number, by which its commands name it. */
  | { readonly status: "registered"; readonly session: number }
  /** Done. `value` is what the key had before the operation; null for none. */
  | { readonly status: "done"; readonly value: string | null }
  /** A compareAndSet that found another value and changed nothing. */
  | { readonly status: "different"; readonly value: string | null }
  /** The session is not known (any more); the command was not run. */
  | { readonly status: "noSession" }
  /** The client has said that it has had this answer. */
  | { readonly status: "superseded" }
  /** More than MAX_UNDER_WAY commands of the session are unanswered; this one was not run. */
  | { readonly status: "tooManyUnderWay" }
  /** The command makes no sense; it was not run. */
  | { readonly status: "malformed"; readonly reason: string };

export interface StoreOptions {
  /** The most sessions kept at a time. The same on every server, or their states differ. */
  readonly maxSessions?: number;
}

type ListedSessions = ReturnType<Sessions<StoreAnswer>["list"]>;

/** What a snapshot of the store holds. */
type StoreState =
  | {
      readonly version: typeof STATE_VERSION;
      readonly values: readonly Pair[];
      readonly sessions: ListedSessions;
    }
  /** As it was before sessions had secrets, and states a version. */
  | {
      readonly version?: undefined;
      readonly values: readonly Pair[];
      readonly sessions: readonly WithoutSecret<ListedSessions[number]>[];
    };

type WithoutSecret<Session> = Session extends readonly [infer Number, unknown, ...infer Rest]
  ? readonly [Number, ...Rest]
  : never;

const STATE_VERSION = 2;

type Pair = readonly [key: string, value: string];

/** How much of keys and values one piece of a snapshot has, or little more. */
const PIECE_CHARACTERS = 128 * 1024;

/** The most sessions a store keeps unless it is told otherwise. */
export const DEFAULT_MAX_SESSIONS = 1000;

/**
 * A key-value store with client sessions, by which a retried command runs once (§8; the
 * sessions are those of Ongaro's dissertation, section 6.3).
 *
 * A client registers with a secret, and gets the index of that entry as its session. Commands that
 * do not carry the secret are refused as those of an unknown session are: whoever guesses the number
 * can take no place of the client's commands, and make none look answered. It numbers its commands,
 * may have several under way at a time, and says with each up to where it has had the answers.
 * The store keeps the answers from there on, and gives one again when its command comes again.
 * At most `maxSessions` are kept: the one whose
 * last command lies furthest back in the log is dropped first, which is the same one on every
 * server. A command of a dropped session is refused and never run, since the store could not
 * tell whether it has run before.
 */
export class KeyValueStore implements StateMachine<StoreAnswer> {
  #values = new Map<string, string>();
  readonly #sessions: Sessions<StoreAnswer>;

  constructor(options: StoreOptions = {}) {
    this.#sessions = new Sessions(options.maxSessions ?? DEFAULT_MAX_SESSIONS);
  }

  apply(index: Index, command: Command | null): StoreAnswer | null {
    if (command === null) return null;
    const decoded = decodeCommand(command);
    if (typeof decoded === "string") return { status: "malformed", reason: decoded };
    if ("type" in decoded) {
      this.#sessions.open(index, decoded.secret);
      return { status: "registered", session: index };
    }
    return "session" in decoded ? this.#applyOnce(decoded) : this.#run(decoded.operation);
  }

  query(query: string): StoreAnswer {
    const decoded = decodeQuery(query);
    if (typeof decoded === "string") return { status: "malformed", reason: decoded };
    return { status: "done", value: this.#values.get(decoded.key) ?? null };
  }

  describe(): string {
    const values = [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify({ values, sessions: this.#sessions.list() });
  }

  snapshot(): Iterable<string> {
    // Two arrays, and none for each pair: a store may have millions, and they are copied at once.
    const [keys, values] = [[...this.#values.keys()], [...this.#values.values()]];
    return piecesOf(keys, values, this.#sessions.list());
  }

  restore(snapshot: string): void {
    const state: StoreState = JSON.parse(snapshot);
    const sessions = sessionsOf(state);
    this.#values = new Map(state.values);
    this.#sessions.restore(sessions);
  }

  #applyOnce(command: SessionCommand): StoreAnswer {
    const session = this.#sessions.use(command.session, command.secret ?? null);
    if (session === null) return { status: "noSession" };
    const { sequence, lowestUnanswered = sequence, operation } = command;
    const answer = session.runOnce(sequence, lowestUnanswered, () => this.#run(operation));
    return typeof answer === "string" ? { status: answer } : answer;
  }

  #run(operation: Operation): StoreAnswer {
    const { key } = operation;
    const value = this.#values.get(key) ?? null;
    switch (operation.type) {
      case "get":
        break;
      case "put":
        this.#values.set(key, operation.value);
        break;
      case "delete":
        this.#values.delete(key);
        break;
      case "compareAndSet":
        if (value !== operation.expected) return { status: "different", value };
        this.#values.set(key, operation.value);
        break;
    }
    return { status: "done", value };
  }
}

function sessionsOf(state: StoreState): ListedSessions {
  switch (state.version) {
    case undefined:
      return state.sessions.map(([number, ...remembered]) => [number, null, ...remembered]);
    case STATE_VERSION:
      return state.sessions;
    default:
      return unknownVersion(state);
  }
}

function unknownVersion({ version }: { readonly version: unknown }): never {
  throw new Error(
    `the snapshot holds a store of version ${version}, and this reads versions up to ${STATE_VERSION}`,
  );
}

/** A StoreState as JSON, in pieces that are made when they are asked for. */
function* piecesOf(
  keys: readonly string[],
  values: readonly string[],
  sessions: ListedSessions,
): Generator<string> {
  yield `{"version":${STATE_VERSION},"values":[`;
  let pairs: Pair[] = [];
  let characters = 0;
  let separator = "";
  for (const [place, key] of keys.entries()) {
    const value = values[place] ?? "";
    pairs.push([key, value]);
    characters += key.length + value.length;
    if (characters < PIECE_CHARACTERS && place < keys.length - 1) continue;
    yield separator + JSON.stringify(pairs).slice(1, -1);
    separator = ",";
    pairs = [];
    characters = 0;
  }
  yield `],"sessions":${JSON.stringify(sessions)}}`;
}

import { randomBytes } from "node:crypto";
import type { Index } from "../../core/index.ts";
import {
  encodeCommand,
  encodeQuery,
  MAX_UNDER_WAY,
  type Operation,
  type StoreAnswer,
} from "../../state-machine/index.ts";
import { SettingError } from "../address.ts";
import type { ServerStatus } from "../door.ts";
import { faultOf, positiveIntegerUpTo, type SettingsOf } from "../settings.ts";
import { ClientError } from "./client-error.ts";
import { CLUSTER_SETTINGS, ClusterClient, type ClusterClientOptions } from "./cluster-client.ts";
import { storeAnswerOf } from "./store-answer.ts";

export interface StoreClientOptions extends ClusterClientOptions {
  /** The most commands under way at a time, up to MAX_UNDER_WAY; more wait for their turn. */
  readonly maxUnderWay?: number;
}

/** What a compareAndSet gave. */
export interface CompareAndSetResult {
  /** Whether the key had the expected value and was set. */
  readonly isSet: boolean;
  /** What the key had before. */
  readonly value: string | null;
}

/** What an operation gave, and the index of its entry. */
export interface ExecutedOperation {
  readonly answer: StoreAnswer;
  readonly index: Index;
}

type Done = Extract<StoreAnswer, { readonly value: string | null }>;

/** The session that commands are numbered in (§8). */
interface Session {
  readonly number: number;
  readonly secret: string;
  lastSequence: number;
  /** Commands whose answer has not come, in the order of their numbers. */
  readonly unanswered: Set<number>;
  /** Commands that wait until the lowest that is unanswered is no longer so far behind. */
  waiting: (() => void)[];
}

const DEFAULT_UNDER_WAY = 64;

const STORE_SETTINGS: SettingsOf<StoreClientOptions> = {
  ...CLUSTER_SETTINGS,
  maxUnderWay: positiveIntegerUpTo(MAX_UNDER_WAY),
};

/** Of a session's secret: nobody guesses it. */
const SECRET_BYTES = 16;

/**
 * A client of the replicated key-value store. Every command runs once, however often it has to be
 * sent: it is numbered in a session that the store knows (§8). Commands called without waiting
 * for one another are under way together and may run in any order. Reads are linearizable.
 *
 * Every method rejects with a ClientError, which says whether the command may have been executed.
 */
export class StoreClient {
  readonly #cluster: ClusterClient;
  readonly #maxUnderWay: number;
  #session: Promise<Session> | null = null;
  #underWay = 0;
  readonly #turns: (() => void)[] = [];

  /** Connects to nobody yet. Throws a SettingError for options that cannot be. */
  constructor(options: StoreClientOptions) {
    const fault = faultOf(STORE_SETTINGS, options);
    if (fault !== null) throw new SettingError(`${fault}.`);
    const { maxUnderWay = DEFAULT_UNDER_WAY, ...ofCluster } = options;
    this.#cluster = new ClusterClient(ofCluster);
    this.#maxUnderWay = maxUnderWay;
  }

  /** What the key holds; null for nothing. */
  async get(key: string): Promise<string | null> {
    const answer = await this.#cluster.read(encodeQuery({ type: "get", key }));
    return doneOf(storeAnswerOf(answer, false)).value;
  }

  /** Sets the key. @returns what it held before */
  async put(key: string, value: string): Promise<string | null> {
    return doneOf((await this.#run({ type: "put", key, value })).answer).value;
  }

  /** Has the key hold nothing. @returns what it held before */
  async delete(key: string): Promise<string | null> {
    return doneOf((await this.#run({ type: "delete", key })).answer).value;
  }

  /** Sets the key where it holds `expected`; null: where it holds nothing. */
  async compareAndSet(
    key: string,
    expected: string | null,
    value: string,
  ): Promise<CompareAndSetResult> {
    const { answer: found } = await this.#run({ type: "compareAndSet", key, expected, value });
    const answer = doneOf(found);
    return { isSet: answer.status === "done", value: answer.value };
  }

  /** Has an operation executed as a command of the session, with an entry in the log; also a get. */
  execute(operation: Operation): Promise<ExecutedOperation> {
    return this.#run(operation);
  }

  /** What one server tells of itself. */
  status(server: string): Promise<ServerStatus> {
    return this.#cluster.status(server);
  }

  close(): void {
    this.#cluster.close();
  }

  async #run(operation: Operation): Promise<ExecutedOperation> {
    await this.#takeTurn();
    try {
      for (;;) {
        const opening = this.#openSession();
        const session = await opening;
        const { answer, index, wasRepeated } = await this.#runIn(session, operation);
        if (answer.status !== "noSession") return { answer, index };
        if (this.#session === opening) this.#session = null;
        if (wasRepeated) {
          const fault = "the session was dropped before the outcome was known";
          throw new ClientError("unknown", `${fault}: it may have been executed`, true);
        }
      }
    } finally {
      this.#underWay--;
      this.#turns.shift()?.();
    }
  }

  async #takeTurn(): Promise<void> {
    while (this.#underWay >= this.#maxUnderWay) {
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    }
    this.#underWay++;
  }

  /** The session that is open, or is being opened; else a new one. */
  #openSession(): Promise<Session> {
    if (this.#session !== null) return this.#session;
    const opening = this.#register();
    this.#session = opening;
    opening.catch(() => {
      if (this.#session === opening) this.#session = null;
    });
    return opening;
  }

  async #register(): Promise<Session> {
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    const command = encodeCommand({ type: "register", secret });
    try {
      const { answer: text } = await this.#cluster.propose(command, { mayRepeat: true });
      const answer = storeAnswerOf(text, false);
      if (answer.status !== "registered") throw refusal(answer);
      return {
        number: answer.session,
        secret,
        lastSequence: 0,
        unanswered: new Set(),
        waiting: [],
      };
    } catch (error) {
      // A session that was opened and is not used does no harm: the command has not been sent. So
      // the reason alone is told: the message may say that what was sent may have been executed.
      if (!(error instanceof ClientError)) throw error;
      const fault = `no session could be opened: ${error.reason}`;
      throw new ClientError(error.code, fault, false);
    }
  }

  async #runIn(
    session: Session,
    operation: Operation,
  ): Promise<ExecutedOperation & { readonly wasRepeated: boolean }> {
    // The store would not take it: nothing may come between this and the next line.
    while (session.lastSequence + 1 >= lowestOf(session) + MAX_UNDER_WAY) {
      await new Promise<void>((resolve) => session.waiting.push(resolve));
    }
    const sequence = ++session.lastSequence;
    session.unanswered.add(sequence);
    const lowestUnanswered = lowestOf(session);
    const command = encodeCommand({
      session: session.number,
      secret: session.secret,
      sequence,
      ...(lowestUnanswered === sequence ? {} : { lowestUnanswered }),
      operation,
    });
    try {
      const executed = await this.#cluster.propose(command, { mayRepeat: true });
      return { ...executed, answer: storeAnswerOf(executed.answer, true) };
    } finally {
      session.unanswered.delete(sequence);
      for (const goOn of session.waiting.splice(0)) goOn();
    }
  }
}

/** The lowest number whose answer has not come; the next one where all have. */
function lowestOf({ unanswered, lastSequence }: Session): number {
  const [lowest = lastSequence + 1] = unanswered;
  return lowest;
}

function doneOf(answer: StoreAnswer): Done {
  if (answer.status === "done" || answer.status === "different") return answer;
  throw refusal(answer);
}

function refusal(answer: StoreAnswer): ClientError {
  const reason = answer.status === "malformed" ? answer.reason : answer.status;
  return new ClientError("refused", `the store refuses it: ${reason}`, false);
}

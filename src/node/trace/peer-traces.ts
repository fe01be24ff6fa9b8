import type { Message, ServerId } from "../../core/index.ts";
import type { Log } from "../log.ts";

/**
 * Who of the other servers traces its steps. A message of one that does has the id under which it
 * was traced, and one of another has none. A trace is of use only where all servers trace, since a
 * receipt names its sending: where some do and others do not, either side says so, once.
 */
export class PeerTraces {
  readonly #isTraced: boolean;
  readonly #log: Log;
  /** The others that are known not to do as this server does. */
  readonly #different = new Set<ServerId>();

  /** @param isTraced whether this server traces its steps */
  constructor(isTraced: boolean, log: Log) {
    this.#isTraced = isTraced;
    this.#log = log;
  }

  /** The others that do not trace, where this server does. */
  get untraced(): readonly ServerId[] {
    return this.#isTraced ? [...this.#different].sort() : [];
  }

  /**
   * Takes note of a message that came. Where it was not traced and its receipt will be, it is given
   * an id that says so, which `lockstep check` tells of.
   */
  note(message: Message): void {
    const isPeerTraced = message.id !== "";
    if (isPeerTraced === this.#isTraced) return;
    const { from } = message;
    if (!isPeerTraced) message.id = untracedId(from);
    if (this.#different.has(from)) return;
    this.#different.add(from);
    const what = isPeerTraced
      ? `${from} traces its steps and this server does not: ` +
        `what ${from} traces from now on cannot be checked`
      : `${from} does not trace its steps: what this server traces from now on cannot be checked`;
    const remedy = "to check a cluster, begin with empty folders and trace all of its servers";
    this.#log("warn", what, { peer: from, remedy });
  }
}

/** What `received` says of a message that was not traced: see `spec/TRACE.md`. */
function untracedId(from: ServerId): string {
  return `${from}:untraced`;
}

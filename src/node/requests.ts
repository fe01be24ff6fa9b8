import type { Command, Server } from "../core/index.ts";
import type { HostCounters } from "./counters.ts";
import type { Outcome } from "./door.ts";
import type { Done, Proposals } from "./proposals.ts";
import type { Reads } from "./reads.ts";
import { told } from "./settings.ts";
import { commandTooLong } from "./transport/limits.ts";

export interface RequestsOptions {
  readonly core: Server;
  readonly proposals: Proposals;
  readonly reads: Reads;
  readonly counters: HostCounters;
  readonly maxCommandCharacters: number;
  /** Whether the server takes any. */
  isOpen(): boolean;
  /** Whether it has stopped, or failed. */
  hasEnded(): boolean;
  /** Whether the log can hold no more commands for now. */
  isLogFull(): boolean;
  /** One was taken: it waits for the server's next turn. */
  onTaken(): void;
}

/** Takes the commands and reads that clients bring, or says at once why not; counts their outcomes. */
export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  propose(command: Command, done: Done): void {
    const { core, proposals, isLogFull, onTaken } = this.#options;
    const refusal = this.#refusalOf(command);
    if (refusal !== null) {
      this.#end(done, { status: "refused", reason: refusal });
    } else if (!core.rules.takesCommands(core)) {
      this.#end(done, { status: "notLeader", leader: core.knownLeader });
    } else if (isLogFull()) {
      this.#end(done, { status: "refused", reason: "a snapshot is being written: try again" });
    } else if (!proposals.add(command, (outcome) => this.#tell(done, outcome))) {
      this.#end(done, { status: "refused", reason: "too many commands wait: try again" });
    } else {
      onTaken();
    }
  }

  read(query: string, done: Done): void {
    const { core, reads, onTaken } = this.#options;
    const refusal = this.#refusalOf(query);
    if (refusal !== null) {
      this.#end(done, { status: "refused", reason: refusal });
    } else if (core.role !== "Leader") {
      this.#end(done, { status: "notLeader", leader: core.knownLeader });
    } else if (!reads.add(query, (outcome) => this.#tell(done, outcome))) {
      this.#end(done, { status: "refused", reason: "too many reads wait: try again" });
    } else {
      onTaken();
    }
  }

  #refusalOf(text: string): string | null {
    const { isOpen, maxCommandCharacters } = this.#options;
    if (!isOpen()) return "the server is stopping";
    // A program in JavaScript may give anything, which then would be in the log.
    if (typeof text !== "string") return `it is ${told(text)}, and a text is expected`;
    return text.length > maxCommandCharacters ? commandTooLong(maxCommandCharacters) : null;
  }

  /** Once the server has ended, what a callback throws adds nothing to it: the others are told all the same. */
  #tell(done: Done, outcome: Outcome): void {
    try {
      this.#end(done, outcome);
    } catch (error) {
      if (!this.#options.hasEnded()) throw error;
    }
  }

  #end(done: Done, outcome: Outcome): void {
    this.#options.counters.outcomes[outcome.status]++;
    done(outcome);
  }
}

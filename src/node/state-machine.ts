import type { Command, Index } from "../core/index.ts";
import { KeyValueStore, type StoreOptions } from "../state-machine/index.ts";
import { SettingError } from "./address.ts";
import { faultOf, POSITIVE_INTEGER, type SettingsOf } from "./settings.ts";

/**
 * A state machine that a server replicates (§2): the same commands in the same order give the same
 * state and answers on every server. It reads no clock and no randomness. It does not throw: a
 * command that makes no sense has an answer too, the same everywhere. Every method is done when it
 * returns: none is async.
 *
 * A server whose state machine throws in apply, snapshot or restore, or returns there what is no text,
 * stops with a StateMachineFault: its state may be another than the others have, and must not get into
 * a snapshot. The log has the command, so that a state machine that is mended goes on from it. A query
 * that throws, or whose answer is no text, is refused, and the server goes on: it changes nothing.
 */
export interface ReplicatedStateMachine {
  /**
   * Applies a committed command.
   *
   * @param isAwaited whether a client waits here for the answer: on most servers none does
   * @returns the answer for the client; of no account where it is not awaited
   */
  apply(command: Command, index: Index, isAwaited: boolean): string;
  /** Answers from the state as it is, and changes nothing: a read without a log entry (§8). */
  query(query: string): string;
  /**
   * The state as it is at the call, as pieces of a text that `restore` takes (§7). The pieces are
   * asked for later, one by one, while further commands are applied. Bytes go in as base64 or hex.
   */
  snapshot(): Iterable<string>;
  /** Puts the state of a snapshot in place of its own. */
  restore(snapshot: string): void;
}

const SETTINGS: SettingsOf<StoreOptions> = { maxSessions: POSITIVE_INTEGER };

/** The key-value store of `lockstep serve`, with its answers as JSON. */
export class KeyValueMachine implements ReplicatedStateMachine {
  readonly #store: KeyValueStore;

  /** Throws a SettingError for options that cannot be. */
  constructor(options: StoreOptions = {}) {
    const fault = faultOf(SETTINGS, options);
    if (fault !== null) throw new SettingError(`${fault}.`);
    this.#store = new KeyValueStore(options);
  }

  apply(command: Command, index: Index, isAwaited: boolean): string {
    const answer = this.#store.apply(index, command);
    return isAwaited ? JSON.stringify(answer) : "";
  }

  query(query: string): string {
    return JSON.stringify(this.#store.query(query));
  }

  snapshot(): Iterable<string> {
    return this.#store.snapshot();
  }

  restore(snapshot: string): void {
    this.#store.restore(snapshot);
  }
}

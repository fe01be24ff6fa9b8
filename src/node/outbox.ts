import type { Message } from "../core/index.ts";
import { SnapshotThrottle } from "./snapshot-throttle.ts";
import type { Transport } from "./transport.ts";

/** How messages leave a server: once the steps that sent them are traced. */
export class Outbox {
  readonly #transport: Transport;
  readonly #onFailure: (error: unknown) => void;
  readonly #throttle = new SnapshotThrottle();
  #isClosed = false;

  /** @param onFailure told where the steps could not be traced */
  constructor(transport: Transport, onFailure: (error: unknown) => void) {
    this.#transport = transport;
    this.#onFailure = onFailure;
  }

  /**
   * The next batch is made durable meanwhile: only what leaves the server waits for the trace.
   *
   * @param traced ends when the steps are traced that sent the messages; null: they are
   */
  send(messages: readonly Message[], traced: Promise<void> | null): void {
    if (traced === null) this.#send(messages);
    else traced.then(() => this.#send(messages), this.#onFailure);
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#isClosed = true;
  }

  #send(messages: readonly Message[]): void {
    if (this.#isClosed) return;
    const now = performance.now();
    for (const message of messages) {
      if (this.#throttle.passes(message, now)) this.#transport.send(message);
    }
  }
}

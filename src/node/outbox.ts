import type { Message } from "../core/index.ts";
import { SnapshotThrottle } from "./snapshot-throttle.ts";
import type { Transport } from "./transport.ts";

export interface OutboxOptions {
  readonly transport: Transport;
  /** The data of a snapshot, in parts where they are at hand. */
  textsOf(data: string): readonly string[];
  /** The steps could not be traced. */
  onFailure(error: unknown): void;
}

/** How messages leave a server: once the steps that sent them are traced. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #throttle = new SnapshotThrottle();
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /**
   * The next batch is made durable meanwhile: only what leaves the server waits for the trace.
   *
   * @param traced ends when the steps are traced that sent the messages; null: they are
   */
  send(messages: readonly Message[], traced: Promise<void> | null): void {
    if (traced === null) this.#send(messages);
    else traced.then(() => this.#send(messages), this.#options.onFailure);
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#isClosed = true;
  }

  #send(messages: readonly Message[]): void {
    if (this.#isClosed) return;
    const { transport, textsOf } = this.#options;
    const now = performance.now();
    for (const message of messages) {
      if (!this.#throttle.passes(message, now)) continue;
      const isSnapshot = message.type === "InstallSnapshotRequest";
      transport.send(message, isSnapshot ? textsOf(message.data) : undefined);
    }
  }
}

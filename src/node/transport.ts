import type { Message } from "../core/index.ts";

/**
 * How the messages of a server reach the others. Nothing is promised, since Raft needs nothing: a
 * message may arrive never, once, again, late, in any order (§2); but never changed.
 */
export interface Transport {
  /**
   * Takes a message on its way, or drops it where the queue to its receiver is full.
   *
   * @param texts of a snapshot's message: its data, in parts where they are at hand
   */
  send(message: Message, texts?: readonly string[]): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

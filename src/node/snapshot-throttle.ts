import type { Message, ServerId } from "../core/index.ts";

const LEAST_MS = 1000;
const CHARACTERS_A_MS = 10_000;

/**
 * A leader sends its snapshot again at every heartbeat until it is answered, since a message may be
 * lost. One that is large is still under way by then: it is not sent again before it can have
 * arrived. Leaving a message out is as if it were lost (§2).
 */
export class SnapshotThrottle {
  readonly #notBefore = new Map<ServerId, number>();

  /** Whether the message is to be sent now. */
  passes(message: Message, now: number): boolean {
    if (message.type !== "InstallSnapshotRequest") return true;
    if (now < (this.#notBefore.get(message.to) ?? 0)) return false;
    const wait = Math.max(LEAST_MS, message.data.length / CHARACTERS_A_MS);
    this.#notBefore.set(message.to, now + wait);
    return true;
  }
}

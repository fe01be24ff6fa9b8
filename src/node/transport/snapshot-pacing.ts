import type { Index } from "../../core/index.ts";

/** How long to wait at least, once a snapshot has arrived, before it is sent again. */
const LEAST_MILLISECONDS = 500;

/**
 * A long snapshot takes a while to arrive and to be taken in. Its sender does not know, and sends
 * it again at each heartbeat that is not answered: only one copy is to be on its way, and the next
 * may follow when its receiver has had as long to take it in as it took to arrive.
 */
export class SnapshotPacing {
  #index: Index = 0;
  #begun = 0;
  #restsUntil = 0;

  /** Whether the snapshot up to an index has arrived so lately that it need not be sent again. */
  hasJustArrived(index: Index, now: number): boolean {
    return index === this.#index && now < this.#restsUntil;
  }

  /** It is sent. */
  begin(index: Index, now: number): void {
    this.#index = index;
    this.#begun = now;
    this.#restsUntil = 0;
  }

  /** All of it has been taken by the receiver's transport. */
  arrived(now: number): void {
    if (this.#restsUntil > 0) return;
    this.#restsUntil = now + Math.max(LEAST_MILLISECONDS, now - this.#begun);
  }
}

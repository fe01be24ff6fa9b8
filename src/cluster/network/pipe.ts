import type { Socket } from "node:net";

/** What a pipe keeps before it stops reading, so that a held one fills the sender's queue. */
const MAX_HELD_BYTES = 1024 * 1024;

interface Piece {
  readonly due: number;
  readonly bytes: Buffer;
}

/** How bytes go through: shared by all pipes of one direction, and changed while they run. */
export interface Passage {
  /** Nothing goes through; what comes waits, as packets are sent again until they arrive. */
  isHeld: boolean;
  delayMilliseconds: number;
}

/** Carries bytes from one socket to another, in order, as its passage allows. */
export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #passage: Passage;
  readonly #queue: Piece[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(from: Socket, to: Socket, passage: Passage) {
    this.#from = from;
    this.#to = to;
    this.#passage = passage;
    from.on("data", (bytes) => this.#take(bytes));
    to.on("drain", () => this.#setReading());
  }

  /** Lets through what may go; to be called when the passage has changed. */
  pump(): void {
    const now = performance.now();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#passage.isHeld || this.#to.destroyed) break;
      if (next.due > now) {
        this.#pumpLater(next.due - now);
        break;
      }
      this.#queue.shift();
      this.#bytes -= next.bytes.length;
      this.#to.write(next.bytes);
    }
    this.#setReading();
  }

  /** Carries nothing any more. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#queue.length = 0;
  }

  #take(bytes: Buffer): void {
    this.#queue.push({ due: performance.now() + this.#passage.delayMilliseconds, bytes });
    this.#bytes += bytes.length;
    this.pump();
  }

  #pumpLater(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.pump();
    }, Math.ceil(milliseconds));
  }

  #setReading(): void {
    if (this.#bytes > MAX_HELD_BYTES || this.#to.writableNeedDrain) this.#from.pause();
    else this.#from.resume();
  }
}

/**
 * How often each message of a trace is received, counted before the events are checked: what was
 * received for the last time can be forgotten. It takes four bytes an event, whatever the trace.
 */

const ZERO = 0x30;

/** The number of decimal digits from `start` to before `end` of a text; -1 where it is none. */
function numberIn(text: string, start: number, end: number): number {
  if (start >= end) return -1;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
}

/** So many messages of an event have a byte each; the few that are more are kept by their ids. */
const IN_A_WORD = 4;
/** A count that is not told from larger ones: such a message is not forgotten. */
export const MANY_RECEIPTS = 255;
const FIRST_CAPACITY = 1 << 10;

export class ReceiptCounts {
  readonly #words = new Map<string, Uint32Array>();
  readonly #further = new Map<string, number>();
  readonly #largestSeq: number;

  /** `largestSeq`: no event has a larger number, so that a wrong id costs no memory. */
  constructor(largestSeq: number) {
    this.#largestSeq = largestSeq;
  }

  /** Counts a receipt of the message with this id, `server:seq:k`; none where it is no id. */
  add(id: string): void {
    const beforeK = id.lastIndexOf(":");
    const beforeSeq = id.lastIndexOf(":", beforeK - 1);
    if (beforeSeq < 0) return;
    const seq = numberIn(id, beforeSeq + 1, beforeK);
    const k = numberIn(id, beforeK + 1, id.length);
    if (seq < 1 || seq > this.#largestSeq || k < 1) return;
    const server = id.slice(0, beforeSeq);
    if (k > IN_A_WORD) {
      this.#further.set(id, (this.#further.get(id) ?? 0) + 1);
      return;
    }
    const words = this.#upTo(server, seq);
    const shift = 8 * (k - 1);
    const word = words[seq] ?? 0;
    if (((word >>> shift) & MANY_RECEIPTS) < MANY_RECEIPTS) words[seq] = word + 2 ** shift;
  }

  /** How often the k-th message that the server sent in its event `seq` is received. */
  of(server: string, seq: number, k: number): number {
    if (k > IN_A_WORD) return this.#further.get(`${server}:${seq}:${k}`) ?? 0;
    const word = this.#words.get(server)?.[seq] ?? 0;
    return (word >>> (8 * (k - 1))) & MANY_RECEIPTS;
  }

  #upTo(server: string, seq: number): Uint32Array {
    const words = this.#words.get(server);
    if (words !== undefined && seq < words.length) return words;
    const longer = new Uint32Array(Math.max(FIRST_CAPACITY, seq + 1, 2 * (words?.length ?? 0)));
    if (words !== undefined) longer.set(words);
    this.#words.set(server, longer);
    return longer;
  }
}

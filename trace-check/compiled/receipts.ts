/**
 * How often each message of a trace is received, counted before the events are checked: what was
 * received for the last time can be forgotten. It takes four bytes an event, whatever the trace.
 */

/** A message's id `server:seq:k` in its parts; null for what is no id. */
export function partsOfId(
  id: string,
): { readonly server: string; readonly seq: number; readonly k: number } | null {
  const end = id.lastIndexOf(":");
  const middle = id.lastIndexOf(":", end - 1);
  if (middle < 0) return null;
  const seq = Number(id.slice(middle + 1, end));
  const k = Number(id.slice(end + 1));
  return seq >= 1 && k >= 1 ? { server: id.slice(0, middle), seq, k } : null;
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

  /** Counts a receipt of the message with this id. */
  add(id: string): void {
    const parts = partsOfId(id);
    if (parts === null || parts.seq > this.#largestSeq) return;
    const { server, seq, k } = parts;
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

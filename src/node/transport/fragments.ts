import { type ByteReader, DecodeError, FRAME, type LongMessage } from "../codec/index.ts";
import type { FrameSender } from "./frame-sender.ts";

/** How much of a long message goes into one frame. */
const FRAGMENT_BYTES = 64 * 1024;

/** How many fragments may be on their way: a heartbeat waits behind these at most. */
const MAX_ON_THEIR_WAY = 16;

const NOTHING = Buffer.alloc(0);

/**
 * Long messages, a snapshot say, that go out in fragments between the other frames. The receiver
 * says of each that it has been taken; only so many are on their way, so that the buffers of a
 * slow connection do not fill with them and heartbeats pass.
 */
export class OutgoingFragments {
  readonly #maxBytes: number;
  readonly #waiting: LongMessage[] = [];
  #waitingBytes = 0;
  /** What has been made of the first, and not been sent. */
  #made: Buffer = NOTHING;
  /** How much of the first has been sent. */
  #sent = 0;
  #onTheirWay = 0;

  /** @param maxBytes how much may wait, which is also the longest message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether anything waits, or is on its way and has not been taken. */
  get isBusy(): boolean {
    return this.#waiting.length > 0 || this.#onTheirWay > 0;
  }

  /** Takes a message as the body of its frame. @returns false where too much waits already, or it is too long */
  add(message: LongMessage): boolean {
    if (this.#waitingBytes + message.length > this.#maxBytes) return false;
    this.#waiting.push(message);
    this.#waitingBytes += message.length;
    return true;
  }

  /** The receiver has taken a fragment. */
  taken(): void {
    if (this.#onTheirWay > 0) this.#onTheirWay--;
  }

  /** Writes the next fragment, if there is one and it may go. */
  writeNext(sender: FrameSender): void {
    const [message] = this.#waiting;
    if (message === undefined || this.#onTheirWay >= MAX_ON_THEIR_WAY) return;
    if (this.#made.length === 0) this.#made = message.pieces.next().value ?? NOTHING;
    const part = this.#made.subarray(0, FRAGMENT_BYTES);
    this.#made = this.#made.subarray(FRAGMENT_BYTES);
    const writer = sender.begin();
    writer.byte(FRAME.fragment);
    writer.integer(this.#sent);
    writer.integer(message.length);
    writer.bytes(part);
    sender.end();
    this.#onTheirWay++;
    this.#sent += part.length;
    if (this.#sent < message.length) return;
    this.#waiting.shift();
    this.#waitingBytes -= message.length;
    this.#sent = 0;
  }
}

/** Puts fragments together again, which come in order, one message after the other. */
export class IncomingFragments {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #received = 0;
  #total = 0;

  /** @param maxBytes the longest message that is taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a fragment. @returns the message's body when it was the last, else null. Throws a
   * DecodeError for one that does not go on where the one before ended, or a message too long.
   */
  take(reader: ByteReader): Buffer | null {
    const offset = reader.integer();
    const total = reader.integer();
    const part = reader.rest();
    if (offset !== this.#received || (offset > 0 && total !== this.#total) || part.length === 0) {
      throw new DecodeError("a fragment does not follow the one before");
    }
    if (total > this.#maxBytes || offset + part.length > total) {
      throw new DecodeError(`a message of ${total} bytes in fragments is too long`);
    }
    this.#parts.push(part);
    this.#total = total;
    this.#received += part.length;
    if (this.#received < total) return null;
    const body = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#received = 0;
    return body;
  }
}

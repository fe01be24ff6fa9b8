import type { Socket } from "node:net";
import { ByteWriter, beginFrame, bodyOf, endFrame } from "../codec/index.ts";
import type { OutgoingFragments } from "./fragments.ts";

/** Small, since a server may have thousands of clients that each say little. */
const INITIAL_CAPACITY = 2048;

/**
 * Writes frames to a socket: all that gathers in a tick, or while the last write is under way,
 * goes out in one write. There are two buffers, one under way and one gathering, so that what a
 * slow reader makes us keep has a bound.
 */
export class FrameSender {
  readonly #socket: Socket;
  readonly #maxBytes: number;
  readonly #fragments: OutgoingFragments | null;
  #gathering = new ByteWriter(INITIAL_CAPACITY);
  #underWay = new ByteWriter(INITIAL_CAPACITY);
  #isWriting = false;
  #isScheduled = false;
  #frameStart = 0;
  /** How many writes are done: what stands still belongs to a reader that does not read. */
  writesDone = 0;
  /** Called when a write is done, so that there is room again. */
  onWritten: () => void = () => {};

  // Made once, since a server answers tens of thousands of requests a second, each with a write.
  readonly #onTickEnd = (): void => {
    this.#isScheduled = false;
    this.#flush();
  };
  readonly #onWriteDone = (): void => {
    this.#isWriting = false;
    this.writesDone++;
    this.#underWay.clear();
    this.#flush();
    this.onWritten();
  };

  /** @param maxBytes the most that gathers; `fragments`: long messages that go in between */
  constructor(socket: Socket, maxBytes: number, fragments: OutgoingFragments | null = null) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
    this.#fragments = fragments;
  }

  /** Whether so much has gathered that nothing more should be written. */
  get isFull(): boolean {
    return this.#gathering.length >= this.#maxBytes;
  }

  /** How many bytes have gathered and are not on their way to the socket. */
  get gatheredBytes(): number {
    return this.#gathering.length;
  }

  /** Whether nothing waits, here or in the socket. */
  get isIdle(): boolean {
    return !this.#isWriting && this.#gathering.length === 0;
  }

  /** Begins a frame, whose body is to be written to what is returned; then `end`. */
  begin(): ByteWriter {
    this.#frameStart = beginFrame(this.#gathering);
    return this.#gathering;
  }

  /** How long the body of the frame is that was begun. */
  get bodyLength(): number {
    return bodyOf(this.#gathering, this.#frameStart).length;
  }

  end(): void {
    endFrame(this.#gathering, this.#frameStart);
    this.schedule();
  }

  /** The frame that was begun is not sent. @returns a copy of its body */
  takeBack(): Buffer {
    const writer = this.#gathering;
    const body = Buffer.from(bodyOf(writer, this.#frameStart));
    writer.length = this.#frameStart;
    return body;
  }

  /** Writes at the end of this tick, or when the write under way is done. */
  schedule(): void {
    if (this.#isWriting || this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#onTickEnd);
  }

  #flush(): void {
    if (this.#isWriting || this.#socket.destroyed || !this.#socket.writable) return;
    this.#fragments?.writeNext(this);
    if (this.#gathering.length === 0) return;
    const writer = this.#gathering;
    this.#gathering = this.#underWay;
    this.#underWay = writer;
    this.#isWriting = true;
    this.#socket.write(writer.written(), this.#onWriteDone);
  }
}

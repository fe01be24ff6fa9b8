import type { Socket } from "node:net";
import type { Message, ServerId } from "../../core/index.ts";
import { ByteReader, DecodeError, FRAME, readMessage } from "../codec/index.ts";
import { IncomingFragments } from "./fragments.ts";
import { FrameSender } from "./frame-sender.ts";
import type { TransportLimits } from "./limits.ts";
import type { Accepted } from "./listener.ts";

export interface IncomingPeerOptions {
  readonly accepted: Accepted;
  readonly id: ServerId;
  readonly limits: TransportLimits;
  onMessage(message: Message): void;
  /** The connection has ended, by a fault of the other side where there is a reason. */
  onEnd(reason: string | null): void;
}

/** The most that waits for a peer which does not read what it is answered. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** The connection that a peer has dialled: its messages come here. */
export class IncomingPeer {
  readonly #options: IncomingPeerOptions;
  readonly #socket: Socket;
  readonly #sender: FrameSender;
  readonly #fragments: IncomingFragments;
  #heardAt = performance.now();
  #isEnded = false;

  constructor(options: IncomingPeerOptions) {
    this.#options = options;
    const { socket } = options.accepted;
    this.#socket = socket;
    this.#sender = new FrameSender(socket, MAX_ANSWER_BYTES);
    this.#fragments = new IncomingFragments(options.limits.maxMessageBytes);
  }

  /** Begins with what came together with the handshake. */
  start(): void {
    this.#socket.on("data", (piece) => {
      this.#options.accepted.reader.push(piece);
      this.#takeFrames();
    });
    this.#socket.on("close", () => this.end(null));
    this.#takeFrames();
  }

  /** Called about once a second: ends a connection without a sign of life. */
  sweep(now: number): void {
    const { silenceMilliseconds } = this.#options.limits;
    if (now - this.#heardAt > 2 * silenceMilliseconds) this.end("it gives no sign of life");
  }

  end(reason: string | null): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.destroy();
    this.#options.onEnd(reason);
  }

  #takeFrames(): void {
    this.#heardAt = performance.now();
    while (!this.#isEnded) {
      const message = this.#nextMessage();
      if (message === null) return;
      this.#options.onMessage(message);
    }
  }

  /** The next message that is complete; null where there is none. */
  #nextMessage(): Message | null {
    try {
      for (;;) {
        const body = this.#options.accepted.reader.next();
        if (body === null) return null;
        const message = this.#messageOf(body);
        if (message !== null) return message;
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.end(error.message);
      return null;
    }
  }

  #messageOf(body: Buffer): Message | null {
    const reader = new ByteReader(body);
    const kind = reader.byte();
    switch (kind) {
      case FRAME.message:
        return this.#decode(reader);
      case FRAME.fragment: {
        const whole = this.#fragments.take(reader);
        this.#answer(FRAME.fragmentTaken);
        if (whole === null) return null;
        const wholeReader = new ByteReader(whole);
        if (wholeReader.byte() !== FRAME.message) throw new DecodeError("no message in fragments");
        return this.#decode(wholeReader);
      }
      case FRAME.ping:
        this.#answer(FRAME.pong);
        return null;
      default:
        throw new DecodeError(`a frame of kind ${kind} has no place between servers`);
    }
  }

  #decode(reader: ByteReader): Message {
    return readMessage(reader, this.#options.accepted.hello.from, this.#options.id);
  }

  #answer(kind: number): void {
    if (this.#sender.isFull) throw new DecodeError("it does not read what it is answered");
    this.#sender.begin().byte(kind);
    this.#sender.end();
  }
}

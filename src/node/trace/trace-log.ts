import type { Server, ServerId, Step } from "../../core/index.ts";
import { createRecorder, type Recorder } from "../../trace/recorder.ts";
import { ByteWriter } from "../codec/index.ts";
import type { TraceLines } from "../wal/batch.ts";
import { EventText } from "./event-text.ts";
import type { TraceFile } from "./trace-file.ts";

/** Of a string, in UTF-8. */
const MOST_BYTES_A_CHARACTER = 3;

/** Beyond this, lines that wait for a record are made durable in the file instead. */
const MOST_CARRIED_BYTES = 256 * 1024;

/**
 * What a server tells of its steps. An event goes two ways: with the next record into the server's
 * log, so that a crash between making a step durable and tracing it loses no event; and into the
 * trace. A record carries all events since the one before, also those that are in the trace, so that
 * the log makes up for what a loss of power takes from the trace's end.
 */
export class TraceLog {
  readonly #file: TraceFile;
  readonly #id: ServerId;
  readonly #recorder: Recorder;
  /** Events that were observed and not taken yet. */
  readonly #taken = new ByteWriter();
  readonly #eventText = new EventText();
  #nextSeq: number;
  /** Lines that are in the file and in no record yet, from event `#carriedFrom` on. */
  #carried: Uint8Array[] = [];
  #carriedFrom: number;
  #carriedBytes = 0;
  #isSyncing = false;

  constructor(file: TraceFile, id: ServerId, servers: readonly ServerId[]) {
    this.#file = file;
    this.#id = id;
    this.#nextSeq = file.lastSeq + 1;
    this.#carriedFrom = this.#nextSeq;
    this.#recorder = createRecorder({
      servers,
      lastSeq: { [id]: file.lastSeq },
      write: (event) => {
        this.#note(this.#eventText.line(event));
      },
    });
  }

  /** Takes note of a step, and gives the messages that it sent their ids. */
  observe(server: Server, step: Step): void {
    this.#recorder.observe(server, step);
  }

  /** The events since the last call. */
  take(): TraceLines {
    const firstSeq = this.#nextSeq;
    const lastSeq = this.#recorder.lastSeqOf(this.#id);
    const lines = Buffer.from(this.#taken.written());
    this.#nextSeq = lastSeq + 1;
    this.#taken.clear();
    this.#eventText.clear();
    return { firstSeq, lastSeq, lines };
  }

  /** What the record carries that makes these events durable. */
  forRecord(taken: TraceLines): TraceLines {
    const lines = this.#carried.length === 0 ? taken.lines : this.#withCarried(taken.lines);
    const firstSeq = this.#carriedFrom;
    this.#carry([], taken.lastSeq + 1);
    return { firstSeq, lastSeq: taken.lastSeq, lines };
  }

  /** Writes events whose record is durable. @returns when they are traced; null: they are */
  writeRecorded(taken: TraceLines): Promise<void> | null {
    return this.#file.append(taken);
  }

  /** Writes events that changed nothing durable, and that the next record carries. */
  writeVolatile(taken: TraceLines): Promise<void> | null {
    const written = this.#file.append(taken);
    this.#carried.push(taken.lines);
    this.#carriedBytes += taken.lines.length;
    if (this.#carriedBytes > MOST_CARRIED_BYTES && !this.#isSyncing) void this.#syncCarried();
    return written;
  }

  /** The length of the trace. */
  get bytes(): number {
    return this.#file.bytes;
  }

  /** Makes durable what is in the file. */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #note(line: string): void {
    const writer = this.#taken;
    writer.reserve(line.length * MOST_BYTES_A_CHARACTER);
    writer.length += writer.buffer.write(line, writer.length);
  }

  #withCarried(lines: Uint8Array): Uint8Array {
    return Buffer.concat([...this.#carried, lines]);
  }

  #carry(carried: Uint8Array[], from: number): void {
    this.#carried = carried;
    this.#carriedFrom = from;
    this.#carriedBytes = carried.reduce((sum, { length }) => sum + length, 0);
  }

  /** Where it fails, the lines are carried on. */
  async #syncCarried(): Promise<void> {
    const { lastSeq } = this.#file;
    const count = this.#carried.length;
    this.#isSyncing = true;
    try {
      await this.#file.sync();
      const isUnchanged = this.#carriedFrom <= lastSeq;
      if (isUnchanged) this.#carry(this.#carried.slice(count), lastSeq + 1);
    } catch {
      // The next record carries them.
    } finally {
      this.#isSyncing = false;
    }
  }
}

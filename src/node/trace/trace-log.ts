import type { Server, ServerId, Step } from "../../core/index.ts";
import type { TraceEvent } from "../../trace/format.ts";
import { createRecorder, type Recorder } from "../../trace/recorder.ts";
import type { CarriedLines, TraceLines } from "../wal/batch.ts";
import { EventText, NO_ENTRIES, type RecordEntries } from "./event-text.ts";
import type { TraceFile } from "./trace-file.ts";

/** Events that were taken, as text. */
export interface TakenEvents {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly text: EventText;
}

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
  #events: TraceEvent[] = [];
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
        this.#events.push(event);
      },
    });
  }

  /** Takes note of a step, and gives the messages that it sent their ids. */
  observe(server: Server, step: Step): void {
    this.#recorder.observe(server, step);
  }

  /**
   * The events since the last call.
   *
   * @param own what the record has that will carry them
   */
  take(own: RecordEntries = NO_ENTRIES): TakenEvents {
    const firstSeq = this.#nextSeq;
    const lastSeq = this.#recorder.lastSeqOf(this.#id);
    const text = new EventText(own);
    for (const event of this.#events) text.add(event);
    this.#events = [];
    this.#nextSeq = lastSeq + 1;
    return { firstSeq, lastSeq, text };
  }

  /** What the record carries that makes these events durable. */
  forRecord({ lastSeq, text }: TakenEvents): CarriedLines {
    const own = Buffer.from(text.abbreviated);
    const lines = this.#carried.length === 0 ? own : Buffer.concat([...this.#carried, own]);
    const firstSeq = this.#carriedFrom;
    this.#carry([], lastSeq + 1);
    return { firstSeq, lastSeq, lines, areAbbreviated: true };
  }

  /** The events as the file has them. */
  linesOf({ firstSeq, lastSeq, text }: TakenEvents): TraceLines {
    return { firstSeq, lastSeq, lines: Buffer.from(text.whole) };
  }

  /** Writes events whose record is durable. @returns when they are traced; null: they are */
  writeRecorded(lines: TraceLines): Promise<void> | null {
    return this.#file.append(lines);
  }

  /** Writes events that changed nothing durable, and that the next record carries. */
  writeVolatile(taken: TakenEvents): Promise<void> | null {
    const lines = this.linesOf(taken);
    const written = this.#file.append(lines);
    this.#carried.push(lines.lines);
    this.#carriedBytes += lines.lines.length;
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

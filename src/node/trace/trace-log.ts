import type { Server, ServerId, Step } from "../../core/index.ts";
import type { TraceEvent } from "../../trace/format.ts";
import { createRecorder, type Recorder } from "../../trace/recorder.ts";
import type { CarriedLines } from "../wal/batch-types.ts";
import { EventText, NO_ENTRIES, type RecordEntries } from "./event-text.ts";
import type { TraceFile } from "./trace-file.ts";

/** Events that were taken, as text. */
export interface TakenEvents {
  readonly lastSeq: number;
  readonly text: EventText;
}

/** What goes into the trace, as it will be written. */
export interface WritableEvents {
  readonly lastSeq: number;
  readonly text: string;
  /** The length of the text in UTF-8. */
  readonly bytes: number;
}

/** Beyond this, lines that wait for a record are made durable in the file instead. */
const MOST_CARRIED_CHARACTERS = 256 * 1024;

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
  /** Lines that are in the file and in no record yet, from event `#carriedFrom` on. */
  #carried: string[] = [];
  #carriedFrom: number;
  #carriedCharacters = 0;
  #isSyncing = false;

  constructor(file: TraceFile, id: ServerId, servers: readonly ServerId[]) {
    this.#file = file;
    this.#id = id;
    this.#carriedFrom = file.lastSeq + 1;
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

  /** Whether steps were taken since `take` was called last. */
  get hasEvents(): boolean {
    return this.#events.length > 0;
  }

  /**
   * The events since the last call.
   *
   * @param own what the record has that will carry them
   */
  take(own: RecordEntries = NO_ENTRIES): TakenEvents {
    const lastSeq = this.#recorder.lastSeqOf(this.#id);
    const text = new EventText(own);
    for (const event of this.#events) text.add(event);
    this.#events = [];
    return { lastSeq, text };
  }

  /** What the record carries that makes these events durable. */
  forRecord({ lastSeq, text }: TakenEvents): CarriedLines {
    const lines = Buffer.from(this.#carried.join("") + text.abbreviated);
    const firstSeq = this.#carriedFrom;
    this.#carry([], lastSeq + 1);
    return { firstSeq, lastSeq, lines, areAbbreviated: true };
  }

  /** The events as they will be written: the text is made whole here, which takes the time of it. */
  writable(taken: TakenEvents): WritableEvents {
    const text = taken.text.whole;
    return { lastSeq: taken.lastSeq, text, bytes: Buffer.byteLength(text) };
  }

  /** Writes events whose record is durable. @returns when they are traced; null: they are */
  writeRecorded({ lastSeq, text, bytes }: WritableEvents): Promise<void> | null {
    return this.#file.appendText(lastSeq, text, bytes);
  }

  /** Writes events that changed nothing durable, and that the next record carries. */
  writeVolatile(taken: TakenEvents): Promise<void> | null {
    const events = this.writable(taken);
    const written = this.writeRecorded(events);
    this.#carried.push(events.text);
    this.#carriedCharacters += events.text.length;
    if (this.#carriedCharacters > MOST_CARRIED_CHARACTERS && !this.#isSyncing) {
      void this.#syncCarried();
    }
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

  #carry(carried: string[], from: number): void {
    this.#carried = carried;
    this.#carriedFrom = from;
    this.#carriedCharacters = carried.reduce((sum, { length }) => sum + length, 0);
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

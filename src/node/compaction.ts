import {
  canCompactLog,
  compactLog,
  type Entry,
  type Server,
  type Snapshot,
} from "../core/index.ts";
import { snapshotOf } from "./machine-calls.ts";
import { nextTurn } from "./next-turn.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";
import type { Storage } from "./storage.ts";
import { entryJsonBytes } from "./trace/command-text.ts";
import type { TraceLog } from "./trace/trace-log.ts";
import type { LogBase } from "./wal/batch-types.ts";

export interface CompactionOptions {
  readonly core: Server;
  readonly storage: Storage;
  readonly machine: ReplicatedStateMachine;
  readonly trace: TraceLog | null;
  /** How much the log may hold before a snapshot is taken; also no less than the last snapshot. */
  readonly snapshotBytes: number;
  /** A snapshot is durable, or could not be made so. */
  onProgress(): void;
  onFailure(error: unknown): void;
}

/**
 * The bound of the log that a server begins with, and by how much it grows with each compaction, up to
 * `snapshotBytes`. A server that has just started compacts early, since V8 takes a field that has had
 * one value for constant: what it has compiled of the hot paths would be thrown away at the first
 * compaction, all at once and under full load. A disk that takes no snapshot shows early too.
 */
const FIRST_BOUND_BYTES = 128 * 1024;
const BOUND_GROWTH = 16;

/** What an entry takes beyond its command, about; with a trace, what it takes there counts. */
const ENTRY_BYTES = 64;

/**
 * When the log is compacted, and what with (§7). A snapshot is taken when the log has grown to a
 * bound, and written while the server goes on. It takes the place of the entries only when a quarter
 * of that bound has come after it: until then followers that lag behind get entries, which are less.
 * The bound grows with the state, so that what is written stays in proportion to what is appended.
 */
export class Compaction {
  readonly #options: CompactionOptions;
  /** What the entries take that were executed since the last snapshot was taken. */
  #bytesSince = 0;
  /** And those before it that it has not taken the place of. */
  #bytesBefore = 0;
  #lastSize = 0;
  #growingBound: number;
  #phase: "idle" | "saving" | "saved" = "idle";
  #saved: Snapshot | null = null;
  /** The data of the last snapshot that was taken, in the parts that it was made from. */
  #taken: { readonly data: string; readonly texts: readonly string[] } = { data: "", texts: [] };
  #cleaning: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: CompactionOptions) {
    this.#options = options;
    const { snapshotData } = options.core;
    this.#lastSize = snapshotData?.length ?? 0;
    this.#growingBound = Math.min(FIRST_BOUND_BYTES, options.snapshotBytes);
  }

  /** What the entries of the log take that were executed. */
  get bytes(): number {
    return this.#bytesBefore + this.#bytesSince;
  }

  /** Takes note of an entry that the state machine has. */
  noteExecuted({ term, command }: Entry): void {
    this.#bytesSince +=
      this.#options.trace === null
        ? ENTRY_BYTES + (command?.length ?? 0)
        : entryJsonBytes(term, command);
  }

  /** Takes a snapshot where it is time to. The state machine has all entries up to `executed`. */
  begin(executed: number): void {
    if (this.#phase !== "idle" || this.#bytesSince < this.#bound) return;
    const { core, machine } = this.#options;
    if (executed <= core.snapshotIndex) return;
    const pieces = snapshotOf(machine, executed);
    const lastIncludedTerm = core.log.termAt(executed);
    this.#bytesBefore += this.#bytesSince;
    this.#bytesSince = 0;
    this.#phase = "saving";
    this.#save(executed, lastIncludedTerm, pieces).catch((error) => this.#options.onFailure(error));
  }

  /** Lets the snapshot take the place of the entries, once enough have come after it. */
  compact(): void {
    const { core } = this.#options;
    if (this.#saved === null || this.#bytesSince < this.#bound / 4) return;
    const { lastIncludedIndex, data } = this.#saved;
    this.#saved = null;
    this.#phase = "idle";
    this.#lastSize = data.length;
    this.#growingBound = Math.min(BOUND_GROWTH * this.#growingBound, this.#options.snapshotBytes);
    this.#bytesBefore = 0;
    if (canCompactLog(core, lastIncludedIndex)) compactLog(core, lastIncludedIndex, data);
  }

  /** The data of a snapshot, in parts where it was taken here, and not read or received. */
  textsOf(data: string): readonly string[] {
    return data === this.#taken.data ? this.#taken.texts : [data];
  }

  /** The leader's snapshot took the place of the log: one's own is of no use any more. */
  replaced(snapshot: Snapshot): void {
    this.#bytesSince = 0;
    this.#bytesBefore = 0;
    this.#lastSize = snapshot.data.length;
  }

  /** Removes what the log does not need that durably begins after `base`. */
  cleanUp(base: LogBase): void {
    const before = this.#cleaning ?? Promise.resolve();
    const cleaning = before.then(() => this.#cleanUp(base));
    this.#cleaning = cleaning;
    cleaning.catch((error) => this.#options.onFailure(error));
  }

  /** Ends when nothing is under way on the disk any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#cleaning?.catch(() => {});
  }

  get #bound(): number {
    const { snapshotBytes, trace } = this.#options;
    const bound = Math.max(this.#growingBound, this.#lastSize);
    // With a trace the log has to fit into a line.
    return trace === null ? bound : Math.min(bound, snapshotBytes);
  }

  async #save(index: number, term: number, pieces: Iterable<string>): Promise<void> {
    let data = "";
    const texts: string[] = [];
    for (const piece of pieces) {
      data += piece;
      texts.push(piece);
      await nextTurn();
    }
    if (this.#isClosed) return;
    const snapshot = { lastIncludedIndex: index, lastIncludedTerm: term, data };
    // A leader's snapshot may have come meanwhile, which is newer.
    if (index > this.#options.core.snapshotIndex) {
      await this.#options.storage.saveSnapshot(snapshot, texts);
    }
    if (this.#isClosed) return;
    this.#phase = "saved";
    this.#taken = { data, texts };
    this.#saved = snapshot;
    this.#options.onProgress();
  }

  /** A segment may go only when the events that it carries are durable in the trace. */
  async #cleanUp(base: LogBase): Promise<void> {
    if (this.#isClosed) return;
    const { storage, trace } = this.#options;
    await trace?.sync();
    await storage.compact(base);
  }
}

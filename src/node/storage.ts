import { join } from "node:path";
import type { Entry, ServerId, Snapshot, Term } from "../core/index.ts";
import { counted } from "../trace/counted.ts";
import type { Files } from "./files/files.ts";
import { SnapshotStore } from "./snapshot-store.ts";
import type { Batch, LogBase, TraceLines } from "./wal/batch-types.ts";
import { openLog, type WriteAheadLog } from "./wal/write-ahead-log.ts";

/**
 * Where a server keeps what must survive a crash. A host makes one batch durable at a time. Another
 * one than `openStorage` gives can be put in its place, to plant a bug perhaps: see
 * `NodeServerOptions.openStorage`.
 */
export interface Storage {
  /** Makes a batch durable. After it has failed nothing may be tried again. */
  persist(batch: Batch): Promise<void>;
  /**
   * Makes a snapshot durable; it counts only once a batch names it as the log's base.
   *
   * @param texts its data, in parts where they are at hand
   */
  saveSnapshot(snapshot: Snapshot, texts?: readonly string[]): Promise<void>;
  /** Gives up what is not needed any more, now that the log begins after `base`. */
  compact(base: LogBase): Promise<void>;
  close(): Promise<void>;
  /** Bytes of the disk that it takes. */
  readonly diskBytes: number;
}

export interface StorageOptions {
  readonly files: Files;
  /** The server's own folder. */
  readonly folder: string;
  readonly segmentBytes: number;
  /** Takes the traced lines that the log holds, in order. */
  readonly onTrace: (lines: TraceLines) => void;
}

/** What a restarting server begins with. */
export interface StoredState {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly snapshot: Snapshot | null;
  /** The entries after those that the snapshot includes. */
  readonly entries: readonly Entry[];
  /** Whether every record so far was traced. */
  readonly isTraced: boolean;
}

export interface OpenedStorage {
  readonly storage: Storage;
  readonly state: StoredState;
  /** Whether the server has never started from this folder. */
  readonly isNew: boolean;
  /** The torn end of the log that was cut, in words; null where there was none. */
  readonly cut: string | null;
}

/** Opens a server's storage. Throws LogDamage, or an error of the file system. */
export async function openStorage(options: StorageOptions): Promise<OpenedStorage> {
  const { files, segmentBytes, onTrace } = options;
  const walFolder = join(options.folder, "wal");
  const snapshotFolder = join(options.folder, "snapshots");
  await files.makeFolder(walFolder);
  await files.makeFolder(snapshotFolder);
  await files.syncFolder(options.folder);
  const { log, state, isNew, cut } = await openLog({
    files,
    folder: walFolder,
    segmentBytes,
    onTrace,
  });
  const snapshots = new SnapshotStore(files, snapshotFolder);
  try {
    const { currentTerm, votedFor, base, entries, isTraced } = state;
    const snapshot = base.index === 0 ? null : await snapshots.read(base);
    await snapshots.keepOnly(base);
    return {
      storage: new DiskStorage(log, snapshots),
      state: { currentTerm, votedFor, snapshot, entries, isTraced },
      isNew,
      cut:
        cut === null
          ? null
          : `${counted(cut.bytes, "byte")} of ${cut.path} from offset ${cut.offset} on`,
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}

class DiskStorage implements Storage {
  readonly #log: WriteAheadLog;
  readonly #snapshots: SnapshotStore;

  constructor(log: WriteAheadLog, snapshots: SnapshotStore) {
    this.#log = log;
    this.#snapshots = snapshots;
  }

  get diskBytes(): number {
    return this.#log.diskBytes + this.#snapshots.bytes;
  }

  persist(batch: Batch): Promise<void> {
    return this.#log.append(batch);
  }

  saveSnapshot(snapshot: Snapshot, texts?: readonly string[]): Promise<void> {
    return this.#snapshots.save(snapshot, texts);
  }

  async compact(base: LogBase): Promise<void> {
    await this.#log.removeUpTo(base.index);
    await this.#snapshots.removeOlder(base);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

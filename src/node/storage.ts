import { join } from "node:path";
import type { Index } from "../core/index.ts";
import type { Files } from "./files/files.ts";
import type { Batch, TraceLines } from "./wal/batch.ts";
import type { DurableState } from "./wal/replay.ts";
import { openLog, type WriteAheadLog } from "./wal/write-ahead-log.ts";

/**
 * Where a server keeps what must survive a crash. A host makes one batch durable at a time. Another
 * one than `openStorage` gives can be put in its place, to plant a bug perhaps: see
 * `NodeServerOptions.openStorage`.
 */
export interface Storage {
  /** Makes a batch durable. After it has failed nothing may be tried again. */
  persist(batch: Batch): Promise<void>;
  /** Gives up what only entries up to `index` needed, which a durable snapshot includes. */
  compact(index: Index): Promise<void>;
  close(): Promise<void>;
  /** Bytes of the disk that it takes. */
  readonly diskBytes: number;
}

export interface StorageOptions {
  readonly files: Files;
  /** The server's own folder; it is made where there is none. */
  readonly folder: string;
  readonly segmentBytes: number;
  /** Takes the traced lines that the log holds, in order. */
  readonly onTrace: (lines: TraceLines) => void;
}

export interface OpenedStorage {
  readonly storage: Storage;
  readonly state: DurableState;
  /** Whether the server has never started from this folder. */
  readonly isNew: boolean;
  /** The torn end of the log that was cut, in words; null where there was none. */
  readonly cut: string | null;
}

/** Opens a server's storage. Throws LogDamage, or an error of the file system. */
export async function openStorage(options: StorageOptions): Promise<OpenedStorage> {
  const { files, segmentBytes, onTrace } = options;
  const folder = join(options.folder, "wal");
  await files.makeFolder(folder);
  const { log, state, isNew, cut } = await openLog({ files, folder, segmentBytes, onTrace });
  return {
    storage: new DiskStorage(log),
    state,
    isNew,
    cut: cut === null ? null : `${cut.bytes} bytes of ${cut.path} from offset ${cut.offset} on`,
  };
}

class DiskStorage implements Storage {
  readonly #log: WriteAheadLog;

  constructor(log: WriteAheadLog) {
    this.#log = log;
  }

  get diskBytes(): number {
    return this.#log.diskBytes;
  }

  persist(batch: Batch): Promise<void> {
    return this.#log.append(batch);
  }

  compact(index: Index): Promise<void> {
    return this.#log.removeUpTo(index);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

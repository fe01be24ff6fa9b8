import { linkSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Files, OpenFile } from "../../node/files/files.ts";
import { bufferOf } from "../../node/files/whole.ts";
import type { TrackedFile } from "./undo.ts";
import { UndoLog } from "./undo-log.ts";

/** The names of what `RecordedFiles` keeps in its folder. */
export const UNDO_LOG = "undo.jsonl";

/**
 * A file system that notes what would be lost if the power failed now: what was written since the
 * last fsync, and what was made, renamed or removed since that of the folder. `losePower` undoes
 * it when the process is gone. The notes lie in a folder of their own on the same file system.
 */
export class RecordedFiles implements Files {
  readonly #files: Files;
  readonly #folder: string;
  readonly #log: UndoLog;
  #numbers: number;
  #kept = 0;
  #syncsUnderWay = 0;

  constructor(files: Files, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#files = files;
    this.#folder = folder;
    this.#log = new UndoLog(join(folder, UNDO_LOG));
    this.#numbers = Math.max(0, ...this.#log.unsafe.files.keys());
  }

  async open(path: string, mode: "existing" | "new"): Promise<OpenFile> {
    const { byPath } = this.#log.unsafe;
    if (mode === "new" || !byPath.has(path)) {
      const isNew = mode === "new";
      const size = isNew ? 0 : statSync(path).size;
      this.#log.add({ what: "open", file: ++this.#numbers, path, size, isNew });
    }
    const tracked = byPath.get(path);
    if (tracked === undefined) throw new RangeError(`${path} is not known`);
    return new RecordedFile(await this.#files.open(path, mode), tracked.file, this.#log, {
      begin: () => {
        this.#syncsUnderWay++;
      },
      end: () => {
        this.#syncsUnderWay--;
        this.#forgetIfSafe();
      },
    });
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#files.list(folder);
  }

  makeFolder(path: string): Promise<void> {
    return this.#files.makeFolder(path);
  }

  async rename(from: string, to: string): Promise<void> {
    const kept = this.#keep(to);
    this.#log.add({ what: "rename", path: from, to, kept });
    await this.#files.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    const kept = this.#keep(path);
    if (kept !== null) this.#log.add({ what: "remove", path, kept });
    await this.#files.remove(path);
  }

  async syncFolder(path: string): Promise<void> {
    const upTo = this.#log.unsafe.lines;
    this.#syncsUnderWay++;
    try {
      await this.#files.syncFolder(path);
      this.#log.add({ what: "syncFolder", folder: path, upTo });
    } finally {
      this.#syncsUnderWay--;
    }
    this.#forgetIfSafe();
  }

  /** A second name for the file, by which it can come back; null where there is none. */
  #keep(path: string): string | null {
    const kept = join(this.#folder, `kept-${process.pid}-${++this.#kept}`);
    try {
      linkSync(path, kept);
      return kept;
    } catch {
      return null;
    }
  }

  #forgetIfSafe(): void {
    const { changes, byPath } = this.#log.unsafe;
    if (this.#syncsUnderWay > 0 || changes.length > 0) return;
    const isSafe = ({ path, durableSize, writes }: TrackedFile) =>
      writes.length === 0 && sizeOf(path) <= durableSize;
    if (![...byPath.values()].every(isSafe)) return;
    this.#log.forget(sizeOf);
    for (; this.#kept > 0; this.#kept--) {
      rmSync(join(this.#folder, `kept-${process.pid}-${this.#kept}`), { force: true });
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

interface Syncs {
  begin(): void;
  end(): void;
}

class RecordedFile implements OpenFile {
  readonly #inner: OpenFile;
  readonly #file: number;
  readonly #log: UndoLog;
  readonly #syncs: Syncs;

  constructor(inner: OpenFile, file: number, log: UndoLog, syncs: Syncs) {
    this.#inner = inner;
    this.#file = file;
    this.#log = log;
    this.#syncs = syncs;
  }

  get path(): string {
    return this.#inner.path;
  }

  size(): Promise<number> {
    return this.#inner.size();
  }

  read(position: number, length: number): Promise<Uint8Array> {
    return this.#inner.read(position, length);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    const before = bufferOf(await this.#inner.read(position, bytes.length));
    if (before.length > 0) {
      const text = before.toString("base64");
      this.#log.add({ what: "write", file: this.#file, position, before: text });
    }
    await this.#inner.write(bytes, position);
  }

  async sync(): Promise<void> {
    const upTo = this.#log.unsafe.lines;
    const size = await this.#inner.size();
    this.#syncs.begin();
    try {
      await this.#inner.sync();
      this.#log.add({ what: "sync", file: this.#file, upTo, size });
    } catch (error) {
      this.#log.add({ what: "failedSync", file: this.#file, upTo });
      throw error;
    } finally {
      this.#syncs.end();
    }
  }

  async truncate(size: number): Promise<void> {
    const end = await this.#inner.size();
    if (size < end) {
      const before = bufferOf(await this.#inner.read(size, end - size)).toString("base64");
      this.#log.add({ what: "write", file: this.#file, position: size, before });
    }
    await this.#inner.truncate(size);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

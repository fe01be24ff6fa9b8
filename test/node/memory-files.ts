/** A file system in memory whose power can fail: what was not made durable may be lost, or torn. */
import { type Files, type OpenFile, systemError } from "../../src/node/files/files.ts";
import type { Random } from "../../src/sim/random.ts";

const SECTOR_BYTES = 512;

type Change =
  | { readonly type: "write"; readonly bytes: Buffer; readonly position: number }
  | { readonly type: "truncate"; readonly size: number };

/** What a file holds now, what of it is durable, and the changes between the two. */
class MemoryFile {
  now: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);
  pending: Change[] = [];

  change(change: Change): void {
    this.pending.push(change);
    this.now = changed(this.now, change);
  }

  /** Whether an fsync has failed, so that what `now` has may be on no disk. */
  #hasFailed = false;

  sync(): void {
    this.durable = this.#hasFailed ? this.pending.reduce(changed, this.durable) : this.now;
    this.pending = [];
  }

  /** As Linux has it: what could not be written is there to be read, and is never written. */
  failSync(): void {
    this.#hasFailed = true;
    this.pending = [];
  }
}

function changed(bytes: Buffer, change: Change): Buffer {
  if (change.type === "truncate") return Buffer.from(bytes.subarray(0, change.size));
  const size = Math.max(bytes.length, change.position + change.bytes.length);
  const after = Buffer.alloc(size);
  bytes.copy(after);
  change.bytes.copy(after, change.position);
  return after;
}

type FolderChange =
  | { readonly type: "add"; readonly path: string; readonly file: MemoryFile }
  | { readonly type: "rename"; readonly from: string; readonly to: string }
  | { readonly type: "remove"; readonly path: string };

/** Which fault to show at the next call of a kind. */
export interface Faults {
  write?: string;
  sync?: string;
  open?: string;
  /** Whether `sync` does nothing, and says it did. */
  syncsNothing?: boolean;
}

export class MemoryFiles implements Files {
  readonly faults: Faults = {};
  /** Called before each call: throws to end the world there. */
  beforeCall: () => void = () => {};
  #now = new Map<string, MemoryFile>();
  #durable = new Map<string, MemoryFile>();
  #pending: FolderChange[] = [];

  /** The files as they are now, by path. */
  contents(): Map<string, Buffer> {
    return new Map([...this.#now].map(([path, { now }]) => [path, Buffer.from(now)]));
  }

  static of(contents: ReadonlyMap<string, Buffer>): MemoryFiles {
    const files = new MemoryFiles();
    for (const [path, bytes] of contents) {
      const file = new MemoryFile();
      file.now = Buffer.from(bytes);
      file.sync();
      files.#now.set(path, file);
    }
    files.#durable = new Map(files.#now);
    return files;
  }

  /** What is found after a loss of power: of what was not durable, a part that chance decides. */
  afterPowerLoss(random: Random): MemoryFiles {
    const paths = new Map(this.#durable);
    const survive = random.below(this.#pending.length + 1);
    for (const change of this.#pending.slice(0, survive)) applyTo(paths, change);
    const contents = new Map<string, Buffer>();
    for (const [path, file] of paths) contents.set(path, survivor(file, random));
    return MemoryFiles.of(contents);
  }

  async open(path: string, mode: "existing" | "new"): Promise<OpenFile> {
    this.beforeCall();
    if (this.faults.open !== undefined) throw systemError(this.faults.open, `open ${path}`);
    let file = this.#now.get(path);
    if (mode === "new") {
      if (file !== undefined) throw systemError("EEXIST", `open ${path}`);
      file = new MemoryFile();
      this.#change({ type: "add", path, file });
    }
    if (file === undefined) throw systemError("ENOENT", `open ${path}`);
    return this.#handle(path, file);
  }

  async list(folder: string): Promise<readonly string[]> {
    const prefix = `${folder}/`;
    return [...this.#now.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
      .map((path) => path.slice(prefix.length));
  }

  async makeFolder(): Promise<void> {}

  async rename(from: string, to: string): Promise<void> {
    this.beforeCall();
    this.#change({ type: "rename", from, to });
  }

  async remove(path: string): Promise<void> {
    this.beforeCall();
    this.#change({ type: "remove", path });
  }

  async syncFolder(): Promise<void> {
    this.beforeCall();
    if (this.faults.syncsNothing === true) return;
    this.#durable = new Map(this.#now);
    this.#pending = [];
  }

  #change(change: FolderChange): void {
    this.#pending.push(change);
    applyTo(this.#now, change);
  }

  #handle(path: string, file: MemoryFile): OpenFile {
    return {
      path,
      size: async () => file.now.length,
      read: async (position, length) => Buffer.from(file.now.subarray(position, position + length)),
      write: async (bytes, position) => {
        this.beforeCall();
        const { write } = this.faults;
        if (write !== undefined) {
          // Half of it is there.
          const half = Buffer.from(bytes.subarray(0, bytes.length >> 1));
          file.change({ type: "write", bytes: half, position });
          throw systemError(write, `write ${path}`);
        }
        file.change({ type: "write", bytes: Buffer.from(bytes), position });
      },
      sync: async () => {
        this.beforeCall();
        const { sync } = this.faults;
        if (sync !== undefined) {
          file.failSync();
          throw systemError(sync, `fsync ${path}`);
        }
        if (this.faults.syncsNothing !== true) file.sync();
      },
      truncate: async (size) => {
        this.beforeCall();
        file.change({ type: "truncate", size });
      },
      close: async () => {},
    };
  }
}

function applyTo(paths: Map<string, MemoryFile>, change: FolderChange): void {
  switch (change.type) {
    case "add":
      paths.set(change.path, change.file);
      return;
    case "rename": {
      const file = paths.get(change.from);
      if (file === undefined) return;
      paths.delete(change.from);
      paths.set(change.to, file);
      return;
    }
    case "remove":
      paths.delete(change.path);
  }
}

/** Each sector of each change that is not durable survives, or not. */
function survivor(file: MemoryFile, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(file.durable);
  const rate = random.below(1001);
  for (const change of file.pending) {
    if (change.type === "truncate") {
      if (random.happens(rate)) bytes = changed(bytes, change);
      continue;
    }
    for (let at = 0; at < change.bytes.length; ) {
      const position = change.position + at;
      const end = Math.min(change.bytes.length, at + SECTOR_BYTES - (position % SECTOR_BYTES));
      if (random.happens(rate)) {
        const part = { type: "write", bytes: change.bytes.subarray(at, end), position } as const;
        bytes = changed(bytes, part);
      }
      at = end;
    }
  }
  return bytes;
}

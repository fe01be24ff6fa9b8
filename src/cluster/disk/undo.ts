/**
 * What was done to a disk and may be lost while the power fails, in the order in which it was done.
 * A file has a number, since its name may change.
 */
export type Undo =
  /** A file gets its number. `isNew`: it was not there before, and has no durable byte. */
  | {
      readonly what: "open";
      readonly file: number;
      readonly path: string;
      readonly size: number;
      readonly isNew: boolean;
    }
  /** Bytes take the place of others, within what the file has: of these, in base64. */
  | {
      readonly what: "write";
      readonly file: number;
      readonly position: number;
      readonly before: string;
    }
  /** What was written to the file up to that line is durable, and so is this size of it. */
  | { readonly what: "sync"; readonly file: number; readonly upTo: number; readonly size: number }
  /** An fsync failed: what was written up to that line no later fsync makes durable either. */
  | { readonly what: "failedSync"; readonly file: number; readonly upTo: number }
  /** At `kept` lies what had the new name before. */
  | {
      readonly what: "rename";
      readonly path: string;
      readonly to: string;
      readonly kept: string | null;
    }
  /** What is removed lies at `kept`. */
  | { readonly what: "remove"; readonly path: string; readonly kept: string }
  /** Which files the folder has was made durable, as it was up to that line. */
  | { readonly what: "syncFolder"; readonly folder: string; readonly upTo: number };

/** A write within a file that may be lost. */
export interface OpenWrite {
  readonly line: number;
  readonly position: number;
  readonly before: string;
  /**
   * An fsync of it has failed, and the system takes it for written (the "fsyncgate" of 2018): it is
   * safe only where the same bytes are written again and fsynced.
   */
  readonly isForgotten: boolean;
}

/** A file of the disk, and what of it may be lost. */
export interface TrackedFile {
  readonly file: number;
  path: string;
  /** Bytes after this may be lost. */
  durableSize: number;
  writes: readonly OpenWrite[];
}

/** A file that was made, renamed or removed, where its folder is not durable since. */
export interface OpenChange {
  readonly line: number;
  readonly undo: Extract<Undo, { readonly what: "open" | "rename" | "remove" }>;
}

/** What may be lost of a disk, as a sequence of `Undo`s tells it. */
export class Unsafe {
  readonly files = new Map<number, TrackedFile>();
  readonly byPath = new Map<string, TrackedFile>();
  changes: readonly OpenChange[] = [];
  /** How many `Undo`s there were. */
  lines = 0;

  apply(undo: Undo): void {
    const line = ++this.lines;
    switch (undo.what) {
      case "open": {
        const { file, path, size, isNew } = undo;
        const tracked = { file, path, durableSize: isNew ? 0 : size, writes: [] };
        this.files.set(file, tracked);
        this.byPath.set(path, tracked);
        if (isNew) this.changes = [...this.changes, { line, undo }];
        break;
      }
      case "write": {
        const tracked = this.#file(undo.file);
        const { position, before } = undo;
        tracked.writes = [...tracked.writes, { line, position, before, isForgotten: false }];
        break;
      }
      case "sync": {
        const tracked = this.#file(undo.file);
        tracked.writes = afterSync(tracked.writes, undo.upTo);
        tracked.durableSize = undo.size;
        break;
      }
      case "failedSync": {
        const tracked = this.#file(undo.file);
        tracked.writes = tracked.writes.map((write) =>
          write.line > undo.upTo ? write : { ...write, isForgotten: true },
        );
        break;
      }
      case "rename": {
        this.changes = [...this.changes, { line, undo }];
        const moved = this.byPath.get(undo.path);
        this.byPath.delete(undo.path);
        if (moved === undefined) break;
        moved.path = undo.to;
        this.byPath.set(undo.to, moved);
        break;
      }
      case "remove":
        this.changes = [...this.changes, { line, undo }];
        this.byPath.delete(undo.path);
        break;
      case "syncFolder": {
        const { folder, upTo } = undo;
        this.changes = this.changes.filter(
          (change) => change.line > upTo || folderOf(change.undo.path) !== folder,
        );
        break;
      }
    }
  }

  #file(file: number): TrackedFile {
    const tracked = this.files.get(file);
    if (tracked === undefined) throw new RangeError(`there is no file ${file}`);
    return tracked;
  }
}

/** What may still be lost after an fsync: later writes, and what one that failed has forgotten. */
function afterSync(writes: readonly OpenWrite[], upTo: number): readonly OpenWrite[] {
  const durable = writes.filter(({ line, isForgotten }) => line <= upTo && !isForgotten);
  return writes.flatMap((write) => {
    if (write.line > upTo) return [write];
    if (!write.isForgotten) return [];
    const later = durable.filter(({ line }) => line > write.line);
    return later.reduce<readonly OpenWrite[]>(
      (parts, over) => parts.flatMap((part) => without(part, over)),
      [write],
    );
  });
}

/** What of a write another does not cover: nothing, or what is before it, behind it, or both. */
function without(write: OpenWrite, over: OpenWrite): readonly OpenWrite[] {
  const bytes = Buffer.from(write.before, "base64");
  const begin = over.position - write.position;
  const end = begin + Buffer.from(over.before, "base64").length;
  const part = (from: number, to: number): OpenWrite => ({
    ...write,
    position: write.position + from,
    before: bytes.toString("base64", from, to),
  });
  if (end <= 0 || begin >= bytes.length) return [write];
  return [
    ...(begin > 0 ? [part(0, begin)] : []),
    ...(end < bytes.length ? [part(end, bytes.length)] : []),
  ];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

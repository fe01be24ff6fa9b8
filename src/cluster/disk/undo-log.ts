import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { type Undo, Unsafe } from "./undo.ts";

/**
 * The file to which `Undo`s are appended, each before the thing itself is done. It is given to the
 * operating system at once and never fsynced: it outlives a process that is killed, as do the bytes
 * that the process has written, since the power fails in play only.
 */
export class UndoLog {
  /** What may be lost now: also of what an earlier process did, which was killed. */
  unsafe: Unsafe;
  readonly #descriptor: number;

  constructor(path: string) {
    const { unsafe, bytes } = readUndoLog(path);
    this.unsafe = unsafe;
    this.#descriptor = openSync(path, "a");
    ftruncateSync(this.#descriptor, bytes);
  }

  add(undo: Undo): void {
    writeSync(this.#descriptor, `${JSON.stringify(undo)}\n`);
    this.unsafe.apply(undo);
  }

  /** Nothing can be lost: forgets all but the files. */
  forget(sizeOf: (path: string) => number): void {
    ftruncateSync(this.#descriptor, 0);
    const known = [...this.unsafe.byPath.values()];
    this.unsafe = new Unsafe();
    for (const { file, path } of known) {
      this.add({ what: "open", file, path, size: sizeOf(path), isNew: false });
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** What an undo log says, and where its last whole line ends: a kill may have torn the one after. */
export function readUndoLog(path: string): { readonly unsafe: Unsafe; readonly bytes: number } {
  const unsafe = new Unsafe();
  if (!existsSync(path)) return { unsafe, bytes: 0 };
  const text = readFileSync(path, "utf8");
  const bytes = text.lastIndexOf("\n") + 1; // all of it is ASCII
  for (const line of text.slice(0, bytes).split("\n")) {
    if (line !== "") unsafe.apply(JSON.parse(line) as Undo);
  }
  return { unsafe, bytes };
}

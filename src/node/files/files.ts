/**
 * What a server asks of the file system. The real one is `nodeFiles`; others simulate a loss of
 * power or a failing disk, and are given to a server in its options: see `power-loss-files.ts` and
 * `failing-files.ts`.
 */
export interface Files {
  /**
   * Opens a file for reading and writing.
   *
   * @param mode `existing` fails where there is none (`ENOENT`), `new` where there is one (`EEXIST`)
   */
  open(path: string, mode: "existing" | "new"): Promise<OpenFile>;
  /** The names in a folder, in no order. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes a folder, and those above it, unless it is there. */
  makeFolder(path: string): Promise<void>;
  /** Gives a file another name; a file that has that name already is replaced. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes durable which files the folder has: what was made, renamed and removed there. */
  syncFolder(path: string): Promise<void>;
}

/** An open file. An operation that fails rejects with an error that has the system's `code`. */
export interface OpenFile {
  readonly path: string;
  size(): Promise<number>;
  /** Reads `length` bytes at `position`; fewer only where the file ends before. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Writes all of the bytes. They may be lost in a crash, in part or in whole, until `sync`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Makes durable what was written. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

/** The system's code of an error, `ENOSPC` perhaps; null where it has none. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** An error as the operating system would give it. */
export function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

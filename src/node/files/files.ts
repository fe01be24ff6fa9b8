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
  read(position: number, length: number): Promise<Buffer>;
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

/** Reads a whole file. */
export async function readWhole(files: Files, path: string): Promise<Buffer> {
  const file = await files.open(path, "existing");
  try {
    return await file.read(0, await file.size());
  } finally {
    await file.close();
  }
}

/**
 * Writes a file so that after a crash it is there as a whole or not at all: under another name
 * first, which only a durable file gives up for its own.
 *
 * @param content what it is to hold, or who writes that
 */
export async function writeDurably(
  files: Files,
  folder: string,
  name: string,
  content: Uint8Array | ((file: OpenFile) => Promise<void>),
): Promise<void> {
  const path = `${folder}/${name}`;
  const draft = `${path}${DRAFT_ENDING}`;
  if ((await files.list(folder)).includes(`${name}${DRAFT_ENDING}`)) await files.remove(draft);
  const file = await files.open(draft, "new");
  try {
    await (typeof content === "function" ? content(file) : file.write(content, 0));
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(draft, path);
  await files.syncFolder(folder);
}

/** What the name of a file ends with that is not finished. */
export const DRAFT_ENDING = ".draft";

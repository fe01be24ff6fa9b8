/** Files that are read and written as a whole, and bytes as Node has them. */
import type { Files, OpenFile } from "./files.ts";

/** The same bytes, not a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads a whole file. */
export async function readWhole(files: Files, path: string): Promise<Buffer> {
  const file = await files.open(path, "existing");
  try {
    return bufferOf(await file.read(0, await file.size()));
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

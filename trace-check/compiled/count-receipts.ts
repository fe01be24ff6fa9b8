/** The receipts of a trace file, found without parsing its lines. */
import { open, stat } from "node:fs/promises";
import { ReceiptCounts } from "./receipts.ts";

const KEY = '"received"';
const NEWLINE = 0x0a;
/** No event takes fewer bytes: a server's `seq` is at most the bytes of the file by this. */
const LEAST_EVENT_BYTES = 32;
/** A text that is much longer is put among what is old, whose garbage costs most to collect. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Counts how often each message is received in files, in one pass over their bytes: between a quote that
 * opens a string and a colon stands a key, and "received" is a key of events alone. What counts
 * too much (a line that is no event) keeps a message too long, and no more.
 *
 * @throws the file system's errors
 */
export async function countReceipts(files: readonly string[]): Promise<ReceiptCounts> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const counts = new ReceiptCounts(Math.ceil(Math.max(...sizes) / LEAST_EVENT_BYTES));
  for (const file of files) await countInFile(file, counts);
  return counts;
}

async function countInFile(file: string, counts: ReceiptCounts): Promise<void> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, size)));
    let rest = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length);
      if (bytesRead === 0) break;
      const bytes = chunk.subarray(0, bytesRead);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end === 0) {
        rest = Buffer.concat([rest, bytes]);
        continue;
      }
      countIn(Buffer.concat([rest, bytes.subarray(0, end)]).toString("latin1"), counts);
      rest = Buffer.from(bytes.subarray(end));
    }
    countIn(rest.toString("latin1"), counts);
  } finally {
    await handle.close();
  }
}

/** The same of a file whose bytes are there. */
export function receiptsInBytes(bytes: Buffer): ReceiptCounts {
  const counts = new ReceiptCounts(Math.ceil(bytes.length / LEAST_EVENT_BYTES));
  for (let start = 0; start < bytes.length; ) {
    const end = endOfLine(bytes, start + CHUNK_BYTES);
    countIn(bytes.toString("latin1", start, end), counts);
    start = end;
  }
  return counts;
}

/** The end of the line that the byte at a place is in, its newline included. */
function endOfLine(bytes: Buffer, place: number): number {
  const newline = bytes.indexOf(NEWLINE, place);
  return newline < 0 ? bytes.length : newline + 1;
}

/** Counts the receipts in a text of whole lines. */
export function countIn(text: string, counts: ReceiptCounts): void {
  for (let at = text.indexOf(KEY); at >= 0; at = text.indexOf(KEY, at)) {
    at = afterSpaces(text, at + KEY.length);
    if (text[at] !== ":") continue;
    at = afterSpaces(text, at + 1);
    if (text[at] !== '"') continue;
    const end = text.indexOf('"', at + 1);
    if (end < 0) return;
    const id = text.slice(at + 1, end);
    counts.add(id.includes("\\") ? unescaped(id) : id);
    at = end;
  }
}

function afterSpaces(text: string, at: number): number {
  let after = at;
  while (text[after] === " " || text[after] === "\t" || text[after] === "\r") after++;
  return after;
}

/** An id may be written with escapes; one that is cut short by an escaped quote is no id. */
function unescaped(text: string): string {
  try {
    const id: unknown = JSON.parse(`"${text}"`);
    return typeof id === "string" ? id : "";
  } catch {
    return "";
  }
}

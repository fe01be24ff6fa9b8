/**
 * A trace checked while it is read: no more of it is held than the state of the spec and the
 * messages that are still to be received.
 */
import { readFile, stat } from "node:fs/promises";
import { EvaluationError, RefusedError } from "../../src/engine/errors.ts";
import { TraceFormatError } from "../../src/trace/error.ts";
import { type OpenTrace, openTrace } from "../../src/trace/reader.ts";
import type { FileCheck } from "../engine.ts";
import { isOfExecution } from "../merge.ts";
import { Names } from "../prepare.ts";
import { countReceipts, receiptsInBytes } from "./count-receipts.ts";
import { EventStream } from "./event-stream.ts";
import type { ReceiptCounts } from "./receipts.ts";
import { StreamedWalk } from "./streamed-walk.ts";

const WHOLE: FileCheck = { kind: "whole" };

/**
 * A file of so many bytes is read once for both passes; a longer one is read in pieces, twice: its
 * bytes would be garbage among what is old, the collection of which also takes compiled code along.
 */
const READ_AT_ONCE_BYTES = 512 * 1024;

/**
 * Checks a file as it is read. Where there is more to say than that it is valid or malformed,
 * it is to be read as a whole.
 *
 * @param rules those of which to count what they answer; null for none
 */
export async function checkFile(file: string, rules: readonly string[] | null): Promise<FileCheck> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) return WHOLE;
    const bytes = stats.size <= READ_AT_ONCE_BYTES ? await readFile(file) : null;
    const trace = await openTrace(bytes === null ? file : inOnePiece(bytes), file);
    if (isOfExecution(trace.header)) {
      await trace.batches[Symbol.asyncIterator]().return?.();
      return { kind: "part", header: trace.header };
    }
    const receipts = bytes === null ? await countReceipts([file]) : receiptsInBytes(bytes);
    return await walkThrough(trace, receipts, rules);
  } catch (error) {
    if (error instanceof TraceFormatError) {
      const { line, field, message } = error;
      return { kind: "malformed", malformed: { file, line, field, message } };
    }
    // What the spec has no value on, and what cannot be read, is told by who reads it as a whole.
    if (error instanceof EvaluationError || error instanceof RefusedError) return WHOLE;
    if (error instanceof Error && "code" in error) return WHOLE;
    throw error;
  }
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function walkThrough(
  trace: OpenTrace,
  receipts: ReceiptCounts,
  rules: readonly string[] | null,
): Promise<FileCheck> {
  const names = new Names(trace.header.servers);
  const stream = new EventStream(names, receipts);
  const walk = new StreamedWalk({ name: trace.file, header: trace.header }, names, stream, rules);
  for await (const { events } of trace.batches) if (!walk.take(events)) return WHOLE;
  return walk.result();
}

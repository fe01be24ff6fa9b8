import { createReadStream } from "node:fs";
import { FormFault, TraceFormatError } from "./error.ts";
import type { TraceEvent, TraceHeader } from "./format.ts";
import { type EventBatch, TraceParser } from "./parser.ts";

/**
 * Events are made of so many bytes at a time. Few of them are there at once, then, when garbage is
 * collected, which copies what is there: with pieces of 256 KiB that was a tenth of a check.
 */
const PIECE_BYTES = 32 * 1024;

/** Where bytes come from: a path, or a stream of chunks that may end anywhere. */
export type TraceSource = string | AsyncIterable<Uint8Array>;

/** A trace being read: its header, and its events in batches, once. */
export interface OpenTrace {
  readonly file: string;
  readonly header: TraceHeader;
  readonly batches: AsyncIterable<EventBatch>;
}

/** A whole trace: the event at place i, from 0, is on line i + 2 of the file. */
export interface Trace {
  readonly file: string;
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

/** The line of the event at a place, from 0, of a file: line 1 is the header. */
export function lineOfEvent(place: number): number {
  return place + 2;
}

/**
 * Reads the header of a trace and stands ready to read its events, holding no more than a
 * chunk of them at a time.
 *
 * @param file how messages call the source; by default its path
 * @throws TraceFormatError for whatever is wrong with the header; reading the batches throws
 *   it for whatever is wrong with the events
 */
export async function openTrace(source: TraceSource, file = nameOf(source)): Promise<OpenTrace> {
  const batches = readBatches(source, file);
  const first = await batches.next();
  if (first.done === true) return { file, header: first.value, batches: noBatches() };
  const { header, batch } = first.value;
  return { file, header, batches: rest(batch, batches) };
}

/** Reads the header of a trace and closes it. @throws TraceFormatError */
export async function readHeader(source: TraceSource, file = nameOf(source)): Promise<TraceHeader> {
  const batches = readBatches(source, file);
  const first = await batches.next();
  if (first.done === true) return first.value;
  await batches.return(first.value.header);
  return first.value.header;
}

/** Reads a whole trace. @throws TraceFormatError */
export async function readTrace(source: TraceSource, file = nameOf(source)): Promise<Trace> {
  const open = await openTrace(source, file);
  const events: TraceEvent[] = [];
  for await (const batch of open.batches) {
    for (const event of batch.events) events.push(event);
  }
  return { file, header: open.header, events };
}

/** Reads a trace that is in memory, as text or bytes. @throws TraceFormatError */
export function parseTrace(content: string | Uint8Array, file: string): Trace {
  const parser = new TraceParser(file);
  const events = [
    ...parser.push(typeof content === "string" ? Buffer.from(content, "utf8") : content).events,
    ...parser.end().events,
  ];
  return { file, header: parser.header, events };
}

interface HeadedBatch {
  readonly header: TraceHeader;
  readonly batch: EventBatch;
}

async function* readBatches(
  source: TraceSource,
  file: string,
): AsyncGenerator<HeadedBatch, TraceHeader> {
  const parser = new TraceParser(file);
  for await (const chunk of chunksOf(source)) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      const batch = parser.push(chunk.subarray(start, start + PIECE_BYTES));
      if (batch.events.length > 0) yield { header: parser.header, batch };
    }
  }
  const batch = parser.end();
  if (batch.events.length > 0) yield { header: parser.header, batch };
  return parser.header;
}

async function* rest(
  first: EventBatch,
  batches: AsyncGenerator<HeadedBatch, TraceHeader>,
): AsyncGenerator<EventBatch> {
  yield first;
  for await (const { batch } of batches) yield batch;
}

async function* noBatches(): AsyncGenerator<EventBatch> {}

/** The bytes of a source. A file that cannot be read throws a TraceFormatError. */
export function chunksOf(source: TraceSource): AsyncIterable<Uint8Array> {
  return typeof source === "string" ? readFile(source) : source;
}

async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) yield chunk;
  } catch (error) {
    throw new TraceFormatError(path, 0, cannotRead(error));
  }
}

function cannotRead(error: unknown): FormFault {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return new FormFault("", "there is no such file", "Check the path");
    case "EISDIR":
      return new FormFault("", "this is a folder, not a trace", "Name a file in it");
    case "EACCES":
    case "EPERM":
      return new FormFault("", "the file may not be read", "Check its permissions");
    default: {
      const what = error instanceof Error ? error.message : String(error);
      return new FormFault("", `the file cannot be read (${what})`, "Check the file and its disk");
    }
  }
}

/** How messages call a source that was given no name. */
export function nameOf(source: TraceSource): string {
  return typeof source === "string" ? source : "(stream)";
}

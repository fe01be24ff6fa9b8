/** The trace format: recorder, writer, reader. Imports nothing of the implementation. */

export { TraceFormatError } from "./error.ts";
export * from "./format.ts";
export { type EventBatch, TraceParser } from "./parser.ts";
export * from "./reader.ts";
export * from "./recorder.ts";
export * from "./writer.ts";

/** The trace format: recorder, writer, reader. Imports nothing of the implementation. */

export { TraceFormatError } from "./error.ts";
export * from "./format.ts";
export { type LintFinding, type LintReport, lintTrace } from "./lint.ts";
export { lintLines } from "./lint-text.ts";
export { type EventBatch, TraceParser } from "./parser.ts";
export {
  lineOfEvent,
  type OpenTrace,
  openTrace,
  parseTrace,
  readHeader,
  readTrace,
  type Trace,
  type TraceSource,
} from "./reader.ts";
export * from "./recorder.ts";
export * from "./writer.ts";

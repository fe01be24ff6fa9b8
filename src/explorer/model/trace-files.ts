/** Which trace files hold: one, or what the servers of one execution have written, merged. */
import type { TraceToCheck } from "../../../trace-check/engine.ts";
import { isOfExecution, merge } from "../../../trace-check/merge.ts";
import { type ReadText, readTraceText } from "./trace-text.ts";

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface ReadFile extends ReadText {
  readonly name: string;
}

/** Reads each up to its end, or to its first line that is malformed. */
export function readTraceFiles(texts: readonly NamedText[]): readonly ReadFile[] {
  return texts.map(({ name, text }) => ({ name, ...readTraceText(name, text) }));
}

/**
 * The trace of all of them together; in words why there is none. One server's file alone has receipts
 * of what, for all that it shows, nobody sent: it is none without those of the others.
 */
export function traceOf(read: readonly ReadFile[]): TraceToCheck | string {
  const files = read.flatMap(({ name, header, events }) =>
    header === null ? [] : [{ file: name, header, events }],
  );
  const [first] = files;
  if (first === undefined || files.length < read.length) {
    const none = read.find(({ header }) => header === null);
    return none?.fault?.message ?? "There is no file.";
  }
  const { file: name, header, events } = first;
  if (files.length === 1 && !isOfExecution(header)) return { name, header, events };
  if (!files.every((file) => isOfExecution(file.header))) {
    return "One trace at a time; several files only where each is of one server of one execution.";
  }
  const merged = merge(header.execution ?? "", files);
  return merged.kind === "merged" ? merged.loaded.trace : merged.malformed.message;
}

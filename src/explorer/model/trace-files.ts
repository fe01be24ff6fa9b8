/** Which trace files hold: one, or what the servers of one execution have written, merged. */
import type { TraceToCheck } from "../../../trace-check/engine.ts";
import type { MalformedTrace } from "../../../trace-check/loaded.ts";
import { isOfExecution, merge, senderOf } from "../../../trace-check/merge.ts";
import type { TraceHeader } from "../../trace/format.ts";
import type { Trace } from "../../trace/reader.ts";
import { type ReadText, readTraceText } from "./trace-text.ts";

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What files hold. */
export interface ReadTrace {
  /** What can be shown of it; in words why nothing can. */
  readonly trace: TraceToCheck | string;
  /** The lines at which files end early, since they are malformed. */
  readonly malformed: readonly MalformedTrace[];
}

interface ReadFile extends ReadText {
  readonly name: string;
}

interface HeadedFile extends ReadFile {
  readonly header: TraceHeader;
}

/** Reads each file up to its end, or to its first line that is malformed. */
export function readTraceFiles(texts: readonly NamedText[]): ReadTrace {
  const files = texts.map(({ name, text }) => ({ name, ...readTraceText(name, text) }));
  const malformed = files.flatMap(({ fault }) => (fault === null ? [] : [fault]));
  return { trace: traceOf(files), malformed };
}

/**
 * The trace of all of them together. One server's file alone has receipts of what, for all that it
 * shows, nobody sent: it is none without those of the others.
 */
function traceOf(files: readonly ReadFile[]): TraceToCheck | string {
  const headed = files.filter(hasHeader);
  const [first] = headed;
  if (first === undefined || headed.length < files.length) {
    const none = files.find(({ header }) => header === null);
    return none?.fault?.message ?? "There is no file.";
  }
  const { name, header, events, fault } = first;
  if (headed.length === 1 && !isOfExecution(header)) {
    if (events.length > 0) return { name, header, events };
    return fault?.message ?? `${name}: it has a header and no events. Record some.`;
  }
  if (!headed.every((file) => isOfExecution(file.header))) {
    return "One trace at a time; several files only where each is of one server of one execution.";
  }
  const merged = merge(header.execution ?? "", upToWhatIsThere(headed));
  if (merged.kind === "merged") return merged.loaded.trace;
  return headed.find((file) => file.fault !== null)?.fault?.message ?? merged.malformed.message;
}

function hasHeader(file: ReadFile): file is HeadedFile {
  return file.header !== null;
}

/**
 * Each file up to where it needs what is missing of another that ends early: a message that was
 * sent after that end would look as if nobody had sent it.
 */
function upToWhatIsThere(files: readonly HeadedFile[]): readonly Trace[] {
  let kept: Trace[] = files.map(({ name, header, events }) => ({ file: name, header, events }));
  const cut = new Set(files.flatMap((file) => (file.fault === null ? [] : [file.header.server])));
  for (let isDone = cut.size === 0; !isDone; ) {
    isDone = true;
    const sent = new Set(
      kept.flatMap(({ events }) =>
        events.flatMap((event) => (event.sent ?? []).map(({ id }) => id)),
      ),
    );
    kept = kept.map((file) => {
      const end = file.events.findIndex(
        ({ received }) =>
          received !== undefined && !sent.has(received) && cut.has(senderOf(received)),
      );
      if (end < 0) return file;
      isDone = false;
      cut.add(file.header.server);
      return { ...file, events: file.events.slice(0, end) };
    });
  }
  return kept;
}

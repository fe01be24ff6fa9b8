/** The files of one execution, checked while they are read. */
import { EvaluationError, RefusedError } from "../../src/engine/errors.ts";
import { TraceFormatError } from "../../src/trace/error.ts";
import type { TraceHeader } from "../../src/trace/format.ts";
import { type OpenTrace, openTrace } from "../../src/trace/reader.ts";
import { sameServers } from "../../src/trace/same-servers.ts";
import type { FileCheck } from "../engine.ts";
import { Names } from "../prepare.ts";
import { inCausalOrder } from "./causal-order.ts";
import { countReceipts } from "./count-receipts.ts";
import { EventStream } from "./event-stream.ts";
import type { ReceiptCounts } from "./receipts.ts";
import { StreamedWalk } from "./streamed-walk.ts";

const WHOLE: FileCheck = { kind: "whole" };

/**
 * Checks the files of an execution, one of each server, as they are read. Where there is more to
 * say than that they are valid, they are to be read as a whole.
 *
 * @param rules those of which to count what they answer; null for none
 */
export async function checkExecution(
  files: readonly string[],
  rules: readonly string[] | null,
): Promise<FileCheck> {
  const opened: OpenTrace[] = [];
  try {
    for (const file of files) opened.push(await openTrace(file));
    const inOrder = orderedByServer(opened.map(({ header }) => header));
    if (inOrder === null) return WHOLE;
    const traces = inOrder.flatMap((place) => opened[place] ?? []);
    return await walkThrough(traces, await countReceipts(files), rules);
  } catch (error) {
    // What the spec has no value on, and what cannot be read, is told by who reads it as a whole.
    if (error instanceof TraceFormatError) return WHOLE;
    if (error instanceof EvaluationError || error instanceof RefusedError) return WHOLE;
    if (error instanceof Error && "code" in error) return WHOLE;
    throw error;
  } finally {
    for (const { batches } of opened) await batches[Symbol.asyncIterator]().return?.();
  }
}

/** The places of the files by the order of the servers; null where they do not go together. */
function orderedByServer(headers: readonly TraceHeader[]): readonly number[] | null {
  const servers = headers[0]?.servers ?? [];
  const isAlike = headers.every((header) => sameServers(header.servers, servers));
  const places = servers.flatMap((server) => {
    return headers.flatMap((header, place) => (header.server === server ? [place] : []));
  });
  const isEach = new Set(headers.map(({ server }) => server)).size === headers.length;
  return isAlike && isEach && places.length === headers.length ? places : null;
}

async function walkThrough(
  traces: readonly OpenTrace[],
  receipts: ReceiptCounts,
  rules: readonly string[] | null,
): Promise<FileCheck> {
  const header = traces[0]?.header;
  if (header === undefined) return WHOLE;
  const names = new Names(header.servers);
  const loggedBy = new Map(traces.map((each) => [each.header.server ?? "", each.header.variables]));
  const trace = { name: `execution ${header.execution}`, header, loggedBy };
  const walk = new StreamedWalk(trace, names, new EventStream(names, receipts), rules);
  for await (const events of inCausalOrder(traces)) {
    if (events === null || !walk.take(events)) return WHOLE;
  }
  return walk.result();
}

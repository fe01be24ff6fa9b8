import type { PreparedTrace } from "./prepare.ts";

/** Traces that one run of an engine takes together. */
export interface Batch {
  readonly clusterSize: number;
  /** The places of the traces in what the batches were made of. */
  readonly places: readonly number[];
  readonly traces: readonly PreparedTrace[];
}

/** What one run may hold at most; a single trace that is larger has a run of its own. */
export interface BatchLimits {
  readonly events: number;
  readonly bytes: number;
}

/**
 * Groups traces by the size of their clusters, and cuts the groups to the limits: what a run
 * needs of memory is bounded by the batch and not by the number of traces.
 */
export function batches(traces: readonly PreparedTrace[], limits: BatchLimits): readonly Batch[] {
  const sizes = [...new Set(traces.map((trace) => trace.clusterSize))].sort((a, b) => a - b);
  return sizes.flatMap((clusterSize) => cut(clusterSize, traces, limits));
}

function cut(
  clusterSize: number,
  traces: readonly PreparedTrace[],
  limits: BatchLimits,
): readonly Batch[] {
  const parts: { clusterSize: number; places: number[]; traces: PreparedTrace[] }[] = [];
  let part: (typeof parts)[number] | undefined;
  let events = 0;
  let bytes = 0;
  for (const [place, trace] of traces.entries()) {
    if (trace.clusterSize !== clusterSize) continue;
    events += trace.events.length;
    bytes += trace.bytes;
    if (part === undefined || events > limits.events || bytes > limits.bytes) {
      part = { clusterSize, places: [], traces: [] };
      parts.push(part);
      events = trace.events.length;
      bytes = trace.bytes;
    }
    part.places.push(place);
    part.traces.push(trace);
  }
  return parts;
}

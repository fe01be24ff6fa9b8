import type { PreparedTrace } from "./prepare.ts";

/** Traces that one run of an engine takes together. */
export interface Batch {
  readonly clusterSize: number;
  /** The places of the traces in what the batches were made of. */
  readonly places: readonly number[];
  readonly traces: readonly PreparedTrace[];
}

/**
 * Groups traces by the size of their clusters, and cuts the groups so that none has more
 * than `mostEvents` events, but for a single longer trace: what a run needs of memory is
 * bounded by the batch and not by the number of traces.
 */
export function batches(traces: readonly PreparedTrace[], mostEvents: number): readonly Batch[] {
  const places = traces.map((_, place) => place);
  const sizes = [...new Set(traces.map((trace) => trace.clusterSize))].sort((a, b) => a - b);
  return sizes.flatMap((clusterSize) => {
    const ofSize = places.filter((place) => traces[place]?.clusterSize === clusterSize);
    return cut(ofSize, (place) => traces[place]?.events.length ?? 0, mostEvents).map((part) => ({
      clusterSize,
      places: part,
      traces: part.flatMap((place) => traces[place] ?? []),
    }));
  });
}

function cut(
  places: readonly number[],
  eventsOf: (place: number) => number,
  mostEvents: number,
): readonly (readonly number[])[] {
  const parts: number[][] = [];
  let events = Number.POSITIVE_INFINITY;
  for (const place of places) {
    if (events + eventsOf(place) > mostEvents) {
      parts.push([]);
      events = 0;
    }
    parts.at(-1)?.push(place);
    events += eventsOf(place);
  }
  return parts;
}

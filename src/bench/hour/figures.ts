import type { Figure } from "../benchmark.ts";
import { medianOf } from "../median.ts";
import { growthAnHour, type Sample } from "./samples.ts";

const MIB = 1024 * 1024;

/** The bound of a log is 32 MiB of commands; a segment is 16 MiB, and a spare one is kept ready. */
const MOST_DISK_BYTES = 128 * MIB;

/** The most that the second half may take by what the first did. */
const MOST_GROWTH = 1.1;

/** What the run gave. */
export interface HourResult {
  readonly load: { readonly executed: number; readonly failed: number };
  /** Seconds. */
  readonly took: number;
  readonly samples: readonly Sample[];
  /** Seconds of each restart. */
  readonly restarts: readonly number[];
}

/**
 * What the servers took in parts of the run. Resident memory is what the process holds of the machine,
 * garbage and reserves of V8 included; what is alive after full collections shows whether anything
 * grows. The log grows between two snapshots, and what is alive with it, so medians are compared.
 */
export function hourFigures({ load, took, samples, restarts }: HourResult): readonly Figure[] {
  const { executed, failed } = load;
  return [
    { what: "commands executed", value: executed, unit: "", asked: null },
    { what: "commands that failed", value: failed, unit: "", asked: { most: 0 } },
    { what: "executed", value: executed / took, unit: "commands a second", asked: null },
    ...residentFigures(samples),
    ...aliveFigures(samples),
    {
      what: "disk of a server, the most",
      value: most(samples, ({ diskBytes }) => diskBytes) / MIB,
      unit: "MiB",
      asked: { most: MOST_DISK_BYTES / MIB },
    },
    {
      what: "entries in a log, the most",
      value: most(samples, ({ logEntries }) => logEntries),
      unit: "",
      asked: null,
    },
    {
      what: "restart of all until a read is answered, the longest",
      value: Math.max(...restarts),
      unit: "s",
      asked: { most: 5 },
    },
  ];
}

/** @returns the whole number of MiB nearest to `bytes` */
export function mebibytes(bytes: number): number {
  return Math.round(bytes / MIB);
}

function residentFigures(samples: readonly Sample[]): readonly Figure[] {
  const memory = (what: string, from: number, to: number): Figure => ({
    what: `memory of a server, the most ${what}`,
    value: most(between(samples, from, to), rss),
    unit: "MiB",
    asked: null,
  });
  return [
    memory("in the first tenth", 0, 0.1),
    memory("in the middle tenth", 0.45, 0.55),
    memory("in the last tenth", 0.9, 1),
    memory("at all", 0, 1),
    {
      what: "memory, the median of the second half by that of the first",
      value: growthOfHalves(samples, rss),
      unit: "times",
      asked: { most: MOST_GROWTH },
    },
    ...serversIn(samples).flatMap(([server, own]): readonly Figure[] => [
      {
        what: `memory of ${server}, the second half by the first`,
        value: growthOfHalves(own, rss),
        unit: "times",
        asked: null,
      },
      grewFigure(`memory of ${server}`, own, rss),
      grewFigure(`heap reserved by ${server}`, own, ({ heapTotalBytes }) => heapTotalBytes / MIB),
      grewFigure(`outside the heap of ${server}`, own, ({ externalBytes }) => externalBytes / MIB),
    ]),
  ];
}

/** Only what was sampled after a first full collection counts; a run may be too short for one. */
function aliveFigures(samples: readonly Sample[]): readonly Figure[] {
  const known = samples.filter(({ fullCollections }) => fullCollections > 0);
  return serversIn(samples).flatMap(([server]): readonly Figure[] => {
    const own = known.filter((sample) => sample.server === server);
    const collections = own.at(-1)?.fullCollections ?? 0;
    const counted = {
      what: `full collections of ${server}`,
      value: collections,
      unit: "",
      asked: null,
    };
    if (between(own, 0, 0.5).length === 0) return [counted];
    return [
      counted,
      {
        what: `alive in ${server}, the median`,
        value: medianOf(own.map(alive)),
        unit: "MiB",
        asked: null,
      },
      {
        what: `alive in ${server}, the second half by the first`,
        value: growthOfHalves(own, alive),
        unit: "times",
        asked: { most: MOST_GROWTH },
      },
      grewFigure(`alive in ${server}`, own, alive),
    ];
  });
}

function rss({ rssBytes }: Sample): number {
  return rssBytes / MIB;
}

function alive({ aliveBytes }: Sample): number {
  return aliveBytes / MIB;
}

function grewFigure(
  what: string,
  samples: readonly Sample[],
  value: (sample: Sample) => number,
): Figure {
  return {
    what: `${what}, by how much it grew in the second half`,
    value: growthAnHour(between(samples, 0.5, 1), value),
    unit: "MiB an hour",
    asked: null,
  };
}

function growthOfHalves(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const [first, second] = [between(samples, 0, 0.5), between(samples, 0.5, 1)];
  return medianOf(second.map(value)) / medianOf(first.map(value));
}

/** The samples of a part of the run: 0 is its begin, 1 its end. */
function between(samples: readonly Sample[], from: number, to: number): readonly Sample[] {
  const end = Math.max(...samples.map(({ seconds }) => seconds));
  return samples.filter(({ seconds }) => seconds >= from * end && seconds <= to * end);
}

function serversIn(samples: readonly Sample[]): readonly (readonly [string, readonly Sample[]])[] {
  const names = new Set(samples.map(({ server }) => server));
  return Array.from(names, (name) => [name, samples.filter(({ server }) => server === name)]);
}

function most(samples: readonly Sample[], value: (sample: Sample) => number): number {
  return Math.max(...samples.map(value));
}

import { appendFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What one server takes at one moment. */
export interface Sample {
  /** Since the load began. */
  readonly seconds: number;
  readonly server: string;
  /** What the clients have had answered by then. */
  readonly executed: number;
  /** Resident memory. */
  readonly rssBytes: number;
  /** What V8 has reserved for its heap. */
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  readonly arrayBufferBytes: number;
  /** What the last full collection left, in the heap and outside it; 0 before the first. */
  readonly aliveBytes: number;
  readonly fullCollections: number;
  /** All files of its folder. */
  readonly diskBytes: number;
  /** The entries of its log: those that no snapshot has taken the place of. */
  readonly logEntries: number;
}

const COLUMNS: readonly (keyof Sample)[] = [
  "seconds",
  "server",
  "executed",
  "rssBytes",
  "heapTotalBytes",
  "externalBytes",
  "arrayBufferBytes",
  "aliveBytes",
  "fullCollections",
  "diskBytes",
  "logEntries",
];

/** Samples that are kept, and written to a file as CSV where there is one. */
export class Samples {
  readonly #file: string | null;
  readonly #all: Sample[] = [];

  constructor(file: string | null) {
    this.#file = file;
    if (file !== null) writeFileSync(file, `${COLUMNS.join(",")}\n`);
  }

  get all(): readonly Sample[] {
    return this.#all;
  }

  add(sample: Sample): void {
    this.#all.push(sample);
    if (this.#file === null) return;
    appendFileSync(this.#file, `${COLUMNS.map((column) => sample[column]).join(",")}\n`);
  }
}

/** What a server takes now, by its own metrics and the files of its folder. */
export async function takeSample(
  at: Pick<Sample, "seconds" | "server" | "executed">,
  httpAddress: string,
  folder: string,
): Promise<Sample> {
  const response = await fetch(`http://${httpAddress}/metrics`);
  const metrics = await response.text();
  return {
    ...at,
    rssBytes: metricIn(metrics, "lockstep_memory_bytes"),
    heapTotalBytes: metricIn(metrics, "lockstep_heap_total_bytes"),
    externalBytes: metricIn(metrics, "lockstep_external_bytes"),
    arrayBufferBytes: metricIn(metrics, "lockstep_array_buffer_bytes"),
    aliveBytes:
      metricIn(metrics, "lockstep_heap_alive_bytes") +
      metricIn(metrics, "lockstep_external_alive_bytes"),
    fullCollections: metricIn(metrics, "lockstep_full_collections_total"),
    diskBytes: bytesUnder(folder),
    logEntries:
      metricIn(metrics, "lockstep_last_index") - metricIn(metrics, "lockstep_snapshot_index"),
  };
}

function metricIn(text: string, name: string): number {
  const [, value] = new RegExp(`^${name} (\\S+)$`, "m").exec(text) ?? [];
  if (value === undefined) throw new Error(`the server has no metric ${name}`);
  return Number(value);
}

/** A file that goes while it is looked at counts for nothing. */
function bytesUnder(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (stats?.isFile() === true ? stats.size : 0);
  }, 0);
}

/** By how much `value` grows in an hour, by the line of least squares. */
export function growthAnHour(
  samples: readonly Sample[],
  value: (sample: Sample) => number,
): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const seconds = mean((sample) => sample.seconds);
  const middle = mean(value);
  const covariance = mean((sample) => (sample.seconds - seconds) * (value(sample) - middle));
  const variance = mean((sample) => (sample.seconds - seconds) ** 2);
  return (3600 * covariance) / variance;
}

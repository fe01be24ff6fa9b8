/** What a benchmark of `lockstep bench` gives. */

/** One measured figure. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What was set out to reach, as "at most 1" or "at least 2000"; null where nothing was. */
  readonly asked: { readonly least?: number; readonly most?: number } | null;
}

/** What a benchmark that takes it is told beyond how often it runs; else it has its own. */
export interface Extent {
  readonly commands?: number;
  readonly seconds?: number;
  /** A file for what is sampled meanwhile, as CSV. */
  readonly samplesFile?: string;
}

export interface Benchmark {
  readonly name: string;
  /** What it measures, in one line. */
  readonly summary: string;
  /** Whether it is measured only where it is asked for by its name. */
  readonly isOnRequest?: boolean;
  /** @param runs how often each thing is measured, alternating with what it is compared with */
  measure(
    runs: number,
    progress: (line: string) => void,
    extent: Extent,
  ): Promise<readonly Figure[]>;
}

/** Whether the figure is what was set out to reach; null where nothing was. */
export function isReached({ value, asked }: Figure): boolean | null {
  if (asked === null) return null;
  return value >= (asked.least ?? Number.NEGATIVE_INFINITY) && value <= (asked.most ?? Infinity);
}

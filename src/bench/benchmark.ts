/** What a benchmark of `lockstep bench` gives. */

/** One measured figure. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What was set out to reach, as "at most 1" or "at least 2000"; null where nothing was. */
  readonly asked: { readonly least?: number; readonly most?: number } | null;
}

export interface Benchmark {
  readonly name: string;
  /** What it measures, in one line. */
  readonly summary: string;
  /** @param runs how often each thing is measured, alternating with what it is compared with */
  measure(runs: number, progress: (line: string) => void): Promise<readonly Figure[]>;
}

/** Whether the figure is what was set out to reach; null where nothing was. */
export function isReached({ value, asked }: Figure): boolean | null {
  if (asked === null) return null;
  return value >= (asked.least ?? Number.NEGATIVE_INFINITY) && value <= (asked.most ?? Infinity);
}

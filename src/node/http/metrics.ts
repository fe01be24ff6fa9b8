/** What a server measures of itself, and the text in which Prometheus reads it. */

export interface MetricSample {
  /** Such as `{ peer: "s2" }`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Appended to the metric's name: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
}

export interface Metric {
  /** Letters, digits and `_`, such as `lockstep_commit_index`. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** What it is, in a sentence. */
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** The metrics in Prometheus' text format, version 0.0.4. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(metricText).join("");
}

function metricText({ name, type, help, samples }: Metric): string {
  const lines = samples.map(
    ({ labels = {}, value, suffix = "" }) =>
      `${name}${suffix}${labelsText(labels)} ${numberText(value)}\n`,
  );
  const helpText = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `# HELP ${name} ${helpText}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

/** Counts values into buckets, each of those up to a bound, for a histogram. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** @param bounds the upper bounds of the buckets, growing */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count++;
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  samples(): readonly MetricSample[] {
    let below = 0;
    const buckets = this.#bounds.map((bound, at): MetricSample => {
      below += this.#counts[at] ?? 0;
      return { suffix: "_bucket", labels: { le: String(bound) }, value: below };
    });
    return [
      ...buckets,
      { suffix: "_bucket", labels: { le: "+Inf" }, value: this.#count },
      { suffix: "_sum", value: this.#sum },
      { suffix: "_count", value: this.#count },
    ];
  }
}

import { findProgram } from "../setup/environment.ts";
import { counted } from "../trace/counted.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import type { LoadResult } from "./cluster/drive.ts";
import { type ClusterMeasurement, measureClusters } from "./cluster/measure.ts";
import type { Validation } from "./cluster/validation.ts";
import { medianOf } from "./median.ts";

/** Clusters of three processes with fsync, beside hashicorp/raft and etcd. */
export const clusterBenchmark: Benchmark = {
  name: "cluster",
  summary: "three processes with fsync on loopback, beside hashicorp/raft and etcd (needs Go)",
  async measure(runs, progress) {
    const etcd = findProgram("etcd");
    if (etcd === undefined) {
      progress("cluster: etcd is not on the PATH (Debian: etcd-server); measuring without it");
    }
    return (await measureClusters(runs, etcd, progress)).flatMap(figuresOf);
  },
};

type Measured = keyof Pick<LoadResult, "perSecond" | "p50Milliseconds" | "p99Milliseconds">;

function figuresOf(measurement: ClusterMeasurement): readonly Figure[] {
  const { clients, lockstep, traced, hashicorp, etcd, validation } = measurement;
  const who = counted(clients, "client");
  const median = (of: string, results: readonly LoadResult[], what: Measured): readonly Figure[] =>
    results.length === 0
      ? []
      : [
          {
            what: `${of}, ${who}, ${WORDS[what].name}`,
            value: medianOf(results.map((result) => result[what])),
            unit: WORDS[what].unit,
            asked: null,
          },
        ];
  const ratio = (
    names: readonly [string, string],
    one: readonly LoadResult[],
    other: readonly LoadResult[],
    what: Measured,
    asked: Figure["asked"],
  ): readonly Figure[] =>
    other.length === 0
      ? []
      : [
          {
            what: `${names.join(" / ")}, ${who}, ${WORDS[what].name}`,
            value: medianOf(one.map((result, run) => result[what] / (other[run]?.[what] ?? 0))),
            unit: "times",
            asked,
          },
        ];
  const isAlone = clients === 1;
  const all = [
    ["lockstep", lockstep],
    ["lockstep traced", traced],
    ["hashicorp", hashicorp],
    ["etcd", etcd],
  ] as const;
  return [
    ...(["perSecond", "p50Milliseconds", "p99Milliseconds"] as const).flatMap((what) =>
      all.flatMap(([name, results]) => median(name, results, what)),
    ),
    ...(isAlone
      ? ratio(["lockstep", "hashicorp"], lockstep, hashicorp, "p50Milliseconds", { most: 1.3 })
      : [
          ...ratio(["lockstep", "hashicorp"], lockstep, hashicorp, "perSecond", { least: 1 }),
          ...ratio(["lockstep", "etcd"], lockstep, etcd, "perSecond", { least: 2 }),
          ...ratio(["lockstep", "hashicorp"], lockstep, hashicorp, "p99Milliseconds", { most: 1 }),
          ...ratio(["lockstep", "etcd"], lockstep, etcd, "p99Milliseconds", { most: 1 }),
        ]),
    ...ratio(["traced", "untraced"], traced, lockstep, "perSecond", { least: 0.75 }),
    ...(validation === null ? [] : validationFigures(validation, who)),
  ];
}

function validationFigures(
  { producedPerSecond, checkedPerSecond }: Validation,
  who: string,
): readonly Figure[] {
  const unit = "events a second";
  return [
    { what: `traced, ${who}`, value: producedPerSecond, unit, asked: null },
    { what: `checked, of ${who}, on one thread`, value: checkedPerSecond, unit, asked: null },
    {
      what: `checked / traced, ${who}`,
      value: checkedPerSecond / producedPerSecond,
      unit: "times",
      asked: { least: 1 },
    },
  ];
}

const WORDS: Readonly<Record<Measured, { readonly name: string; readonly unit: string }>> = {
  perSecond: { name: "commits", unit: "a second" },
  p50Milliseconds: { name: "p50", unit: "ms" },
  p99Milliseconds: { name: "p99", unit: "ms" },
};

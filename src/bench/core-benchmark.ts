import type { Benchmark, Figure } from "./benchmark.ts";
import { type CoreMeasurement, measureCore } from "./core.ts";

/** The core beside etcd's raft: CPU time an entry, in process and without disk. */
export const coreBenchmark: Benchmark = {
  name: "core",
  summary: "the core's CPU time an entry, beside that of go.etcd.io/raft (where Go is there)",
  async measure(runs, progress) {
    return (await measureCore(runs, progress)).flatMap(figuresOf);
  },
};

function figuresOf(measurement: CoreMeasurement): readonly Figure[] {
  const { entriesPerProposal, core, etcdRaft, ratio, asked } = measurement;
  const size = `${entriesPerProposal} in a proposal`;
  const unit = "CPU µs an entry";
  const own: Figure = { what: `core, ${size}`, value: core, unit, asked: null };
  if (etcdRaft === null || ratio === null) return [own];
  return [
    own,
    { what: `etcd raft, ${size}`, value: etcdRaft, unit, asked: null },
    { what: `core / etcd raft, ${size}`, value: ratio, unit: "times", asked: { most: asked } },
  ];
}

/** Models explored by the compiled engine and by TLC with one worker, in turns. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { locateModelChecker, type ModelChecker } from "../model-check/check-model.ts";
import { type Model, modelsFolder, readManifest } from "../model-check/manifest.ts";
import { runTlc } from "../model-check/run-tlc.ts";
import { TLC_CODE, type TlcMessage } from "../model-check/tlc-messages.ts";
import type { Benchmark, Figure } from "./benchmark.ts";

/** A search of fewer states is over before it can be measured. */
const LEAST_STATES = 1000;

/** Models that take minutes: each is explored once. */
const LARGE = ["Reads", "Snapshots", "Reduced3x2"];

/**
 * Distinct states a second of both engines on the models that pass, from the first state to the
 * last: the start of Java and of Node, and the reading of the spec, are left out on both sides.
 */
export const exploreBenchmark: Benchmark = {
  name: "explore",
  summary: "models explored, compiled and by TLC with one worker: distinct states a second",
  async measure(runs, progress) {
    const checker = await locateModelChecker(process.env, progress);
    const models = readManifest();
    const smoke = models.filter(
      ({ size, expected, distinctStates = 0 }) =>
        size === "smoke" && expected === "pass" && distinctStates >= LEAST_STATES,
    );
    const large = models.filter(({ name }) => LARGE.includes(name));
    const figures: Figure[] = [];
    for (const model of [...smoke, ...large]) {
      const times = large.includes(model) ? 1 : runs;
      figures.push(...(await measureModel(model, times, checker, progress)));
    }
    return figures;
  },
};

async function measureModel(
  model: Model,
  runs: number,
  checker: ModelChecker,
  progress: (line: string) => void,
): Promise<readonly Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 1; run <= runs; run++) {
    progress(`explore: ${model.name}, run ${run} of ${runs}`);
    ours.push(await byEngine(model));
    theirs.push(await byTlc(model, checker));
  }
  const what = `${model.name}, ${model.distinctStates} states`;
  return [
    {
      what: `${what}: compiled by TLC with one worker`,
      value: median(ours.map((rate, run) => rate / (theirs[run] ?? Number.NaN))),
      unit: "times",
      asked: model.size === "smoke" ? { least: 1 } : null,
    },
    { what: `${what}: compiled`, value: median(ours), unit: "distinct states a s", asked: null },
    { what: `${what}: TLC`, value: median(theirs), unit: "distinct states a s", asked: null },
  ];
}

/** A process of its own, as a user has it: what the JavaScript compiler takes counts. */
async function byEngine({ name }: Model): Promise<number> {
  const program = new URL("../cli/main.js", import.meta.url).pathname;
  const args = [program, "model", name, "--engine", "compiled", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { models } = JSON.parse(stdout);
  const [{ distinctStates, seconds, ok }] = models;
  if (ok !== true) throw new Error(`${name} is not as the manifest says: nothing was measured`);
  return distinctStates / seconds;
}

/** From the first state to the last, by when TLC says so. */
async function byTlc(model: Model, checker: ModelChecker): Promise<number> {
  let begin = Number.NaN;
  let end = Number.NaN;
  const onMessage = ({ code }: TlcMessage): void => {
    if (code === TLC_CODE.computingInit) begin = performance.now();
    if (code === TLC_CODE.success) end = performance.now();
  };
  const folder = modelsFolder();
  const report = await runTlc({
    ...checker,
    ...{ model, folder, workers: 1, coverage: false, onMessage },
  });
  if (report.result !== "pass") throw new Error(`${model.name}: ${report.problem}`);
  return (report.distinctStates ?? Number.NaN) / ((end - begin) / 1000);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

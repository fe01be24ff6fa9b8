/** What `lockstep model` prints of models, while TLC works on them and after. */
import { showSteps } from "../../model-check/counterexample.ts";
import type { Model } from "../../model-check/manifest.ts";
import type { TlcProgress } from "../../model-check/tlc-report.ts";
import type { ModelVerdict } from "../../model-check/verdict.ts";
import type { CommandIo } from "../command.ts";
import { styled } from "../io.ts";
import { counted, duration, progressTeller, table, withCommas } from "../progress.ts";

/** The table of `--list`. */
export function listing(models: readonly Model[]): string {
  const rows = models.map((model) => [
    model.name,
    model.size,
    model.expected === "pass" ? "passes" : `${model.expected} falls`,
    model.distinctStates === undefined ? "" : withCommas(model.distinctStates),
    model.shows,
  ]);
  const header = ["MODEL", "SIZE", "EXPECTED", "STATES", "SHOWS"];
  return `${table([header, ...rows], [3])}\n`;
}

/** Tells how far TLC is with the model, now and then. */
export function progressOf(
  model: Model,
  workers: number,
  io: CommandIo,
): (progress: TlcProgress) => void {
  io.stderr(`${model.name}: ${model.bounds} (${counted(workers, "worker")})\n`);
  const begin = performance.now();
  const tell = progressTeller(io, 2);
  return (progress) =>
    tell(() => `  ${model.name}: ${progressText(model, progress, performance.now() - begin)}`);
}

function progressText(model: Model, progress: TlcProgress, milliseconds: number): string {
  const rate = (progress.generatedStates * 1000) / Math.max(milliseconds, 1);
  return (
    `${counted(progress.distinctStates, "distinct state")}, ` +
    `${withCommas(progress.queue)} in the queue, ` +
    `${withCommas(Math.round(rate))} generated a second${timeLeft(model, progress, rate)}`
  );
}

/** Below this share of the states the rate is that of a JVM that is starting, and no guide. */
const SHARE_TO_GUESS_FROM = 0.02;

function timeLeft(model: Model, { generatedStates }: TlcProgress, rate: number): string {
  const expected = model.generatedStates ?? 0;
  const left = expected - generatedStates;
  const isTooEarly = generatedStates < expected * SHARE_TO_GUESS_FROM;
  if (model.expected !== "pass" || left <= 0 || isTooEarly) return "";
  return `, ${duration(left / rate)} left`;
}

/** What became of a model; of the only one with its steps and its actions. */
export function verdictText(
  model: Model,
  verdict: ModelVerdict,
  isOnly: boolean,
  io: CommandIo,
): string {
  const mark = verdict.ok ? styled(io, "green", "✓") : styled(io, "red", "✗");
  const counts = countsText(verdict);
  const depth = verdict.depth === null ? "" : `, depth ${verdict.depth}`;
  const lines = [
    `${mark} ${model.name}: ${resultText(verdict)}${counts}${depth}, ${duration(verdict.seconds)}`,
  ];
  for (const problem of verdict.problems) lines.push(`  ${styled(io, "red", problem)}`);
  const tellsAll = isOnly || !verdict.ok;
  if (tellsAll && verdict.counterexample.length > 0) {
    lines.push(`  ${model.shows} The steps:`, showSteps(verdict.counterexample));
  }
  if (isOnly && Object.keys(verdict.actions).length > 0) lines.push(actionsText(verdict));
  return `${lines.join("\n")}\n`;
}

/** Random behaviours may come by the same state again and again: TLC does not count distinct ones. */
function countsText({ distinctStates, generatedStates }: ModelVerdict): string {
  if (generatedStates === null) return "";
  const states = counted(generatedStates, "state");
  return distinctStates === null
    ? `, ${states}`
    : `, ${withCommas(distinctStates)} distinct of ${states}`;
}

function resultText(verdict: ModelVerdict): string {
  switch (verdict.result) {
    case "pass":
      return "every property holds";
    case "fail":
      return verdict.ok
        ? `${verdict.violated} falls, as it must`
        : `${verdict.violated ?? "a property"} falls`;
    case "error":
      return "not checked";
  }
}

function actionsText(verdict: ModelVerdict): string {
  const rows = Object.entries(verdict.actions).map(([action, taken]) => [
    `  ${action}`,
    withCommas(taken),
  ]);
  return `  How often each action was taken:\n${table(rows, [1])}`;
}

/** `lockstep model`: TLC on the models of the spec, held against the manifest. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { checkModel, locateModelChecker, type ModelChecker } from "../model-check/check-model.ts";
import { showSteps } from "../model-check/counterexample.ts";
import { type Model, readManifest, SIZES, type Size } from "../model-check/manifest.ts";
import { shareCores, type Task } from "../model-check/share-cores.ts";
import type { TlcProgress } from "../model-check/tlc-report.ts";
import type { ModelVerdict } from "../model-check/verdict.ts";
import { closestName } from "../trace/suggest.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import { styled } from "./io.ts";
import { duration, progressTeller, table, withCommas } from "./progress.ts";

const HELP = `Runs TLC, the TLA+ model checker, on models of the spec: every behaviour within a model's
bounds. What TLC reports is held against spec/models/manifest.json: the result, the property that
fell, the counts of states; and an action that was never taken fails a model.

Usage: lockstep model [NAME...] [OPTIONS]

NAME is a model of the manifest; without any, all models of the size.

Options:
  --size smoke|full|deep  the models of this size: seconds, minutes, hours (smoke)
  --workers N             how many threads TLC works with (one a core; models whose figures
                          hold at one worker are run with one)
  --list                  list the models, and run none
  --json                  one JSON document: models[] of name, expected, result, violated,
                          distinctStates, generatedStates, depth, seconds, ok

Examples:
  lockstep model                       all models that take seconds
  lockstep model Smoke                 one model, and the actions that it took
  lockstep model ForgetVoteIsFree      a forgotten rule, and its counterexample step by step
  lockstep model --size full --workers 2
  lockstep model --list

Exit codes: 0 every model gave what the manifest says; 1 one did not; 2 bad usage; 3 no Java, or
no TLC.
`;

export const modelCommand: Command = {
  name: "model",
  summary: "Check the models of the spec with TLC.",
  help: HELP,
  run: async (args, io) => {
    const options = parse(args);
    const models = select(options);
    if (options.list) {
      io.stdout(options.json ? `${JSON.stringify({ models })}\n` : listing(models));
      return EXIT.holds;
    }
    const checker = await locateModelChecker(io.env, (line) => io.stderr(`${line}\n`));
    const verdicts: ModelVerdict[] = [];
    for await (const verdict of shareCores(tasksOf(models, options, checker, io), CORES)) {
      verdicts.push(verdict);
      const model = models[verdicts.length - 1];
      if (options.json || model === undefined) continue;
      io.stdout(verdictText(model, verdict, models.length === 1, io));
    }
    return conclude(verdicts, options.json, io);
  },
};

const CORES = availableParallelism();

/** Models that TLC searches with one worker share the cores; the others take them all. */
function tasksOf(
  models: readonly Model[],
  options: ModelArguments,
  checker: ModelChecker,
  io: CommandIo,
): readonly Task<ModelVerdict>[] {
  return models.map((model) => {
    const workers = options.workers ?? model.workers ?? CORES;
    return {
      cores: workers,
      run: () => {
        const onProgress = progressOf(model, workers, io);
        return checkModel(model, checker, { workers, onProgress });
      },
    };
  });
}

interface ModelArguments {
  readonly names: readonly string[];
  readonly size: Size | undefined;
  readonly workers: number | undefined;
  readonly list: boolean;
  readonly json: boolean;
}

function parse(args: readonly string[]): ModelArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      size: { type: "string" },
      workers: { type: "string" },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const size = SIZES.find((known) => known === values.size);
  if (values.size !== undefined && size === undefined) {
    throw new CommandError(EXIT.badInput, `--size ${values.size} is not ${SIZES.join(", ")}.`);
  }
  if (values.workers !== undefined && !/^[1-9]\d{0,3}$/.test(values.workers)) {
    throw new CommandError(
      EXIT.badInput,
      `--workers ${values.workers} is not a number of threads, such as 2.`,
    );
  }
  return {
    names: positionals,
    size,
    workers: values.workers === undefined ? undefined : Number(values.workers),
    list: values.list,
    json: values.json,
  };
}

/** The models that were asked for, in the order of the manifest. */
function select({ names, size, list }: ModelArguments): readonly Model[] {
  const models = readManifest();
  const known = models.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const closest = closestName(name, known);
    const hint = closest === null ? "" : ` Did you mean ${closest}?`;
    throw new CommandError(
      EXIT.badInput,
      `there is no model ${name}.${hint} lockstep model --list lists them.`,
    );
  }
  if (names.length > 0) {
    return models.filter(
      (model) => names.includes(model.name) && (size === undefined || model.size === size),
    );
  }
  const wanted = size ?? (list ? undefined : "smoke");
  return models.filter((model) => wanted === undefined || model.size === wanted);
}

function listing(models: readonly Model[]): string {
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

function progressOf(model: Model, workers: number, io: CommandIo): (progress: TlcProgress) => void {
  const threads = workers === 1 ? "1 worker" : `${workers} workers`;
  io.stderr(`${model.name}: ${model.bounds} (${threads})\n`);
  const begin = performance.now();
  const tell = progressTeller(io, 2);
  return (progress) =>
    tell(() => `  ${model.name}: ${progressText(model, progress, performance.now() - begin)}`);
}

function progressText(model: Model, progress: TlcProgress, milliseconds: number): string {
  const rate = (progress.generatedStates * 1000) / Math.max(milliseconds, 1);
  const left = (model.generatedStates ?? 0) - progress.generatedStates;
  const guess = left > 0 && model.expected === "pass" ? `, ${duration(left / rate)} left` : "";
  return (
    `${withCommas(progress.distinctStates)} distinct states, ` +
    `${withCommas(progress.queue)} in the queue, ` +
    `${withCommas(Math.round(rate))} generated a second${guess}`
  );
}

function verdictText(model: Model, verdict: ModelVerdict, isOnly: boolean, io: CommandIo): string {
  const mark = verdict.ok ? styled(io, "green", "✓") : styled(io, "red", "✗");
  const counts =
    verdict.distinctStates === null
      ? ""
      : `, ${withCommas(verdict.distinctStates)} distinct of ${withCommas(verdict.generatedStates ?? 0)} states`;
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

function conclude(verdicts: readonly ModelVerdict[], json: boolean, io: CommandIo): ExitCode {
  const failed = verdicts.filter(({ ok }) => !ok).map(({ name }) => name);
  if (json) {
    io.stdout(`${JSON.stringify({ models: verdicts }, null, 2)}\n`);
  } else if (verdicts.length !== 1) {
    const seconds = verdicts.reduce((sum, verdict) => sum + verdict.seconds, 0);
    const states = verdicts.reduce((sum, { distinctStates }) => sum + (distinctStates ?? 0), 0);
    io.stdout(
      `${verdicts.length} models, ${failed.length === 0 ? "all as the manifest says" : `${failed.length} not as the manifest says: ${failed.join(", ")}`}; ` +
        `${withCommas(states)} distinct states, ${duration(seconds)}\n`,
    );
  }
  return failed.length === 0 ? EXIT.holds : EXIT.violated;
}

/** `lockstep model`: an engine on the models of the spec, held against the manifest. */
import { availableParallelism } from "node:os";
import { checkModel, locateModelChecker, type ModelChecker } from "../model-check/check-model.ts";
import {
  type Checkpoints,
  isCheckpointOf,
  workersOfCheckpoint,
} from "../model-check/checkpoints.ts";
import type { Model } from "../model-check/manifest.ts";
import { shareCores, type Task } from "../model-check/share-cores.ts";
import type { ModelVerdict } from "../model-check/verdict.ts";
import { EnvironmentError } from "../setup/environment-error.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import { type ModelArguments, parseModelArguments, selectModels } from "./modelling/arguments.ts";
import { compiledVerdicts, type LeftOut } from "./modelling/compiled.ts";
import { distributedVerdicts, join } from "./modelling/distributed.ts";
import { listing, progressOf, verdictText } from "./modelling/text.ts";
import { outFolder } from "./out-folder.ts";
import { counted, duration } from "./progress.ts";

const HELP = `Runs TLC, the TLA+ model checker, on models of the spec: every behaviour within a model's
bounds. What TLC reports is held against spec/models/manifest.json: the result, the property that
fell, the counts of states; and an action that was never taken fails a model.

Usage: lockstep model [NAME...] [OPTIONS]

NAME is a model of the manifest; without any, all models of the size.

Options:
  --engine tlc|compiled   what goes through the states: TLC (the default), or the spec compiled to
                          JavaScript, which needs no Java and refuses, by name, what it does not
                          cover, such as liveness
  --size smoke|full|deep  the models of this size: seconds, minutes, hours (smoke)
  --workers N             how many threads TLC works with (one a core; models whose figures
                          hold at one worker are run with one)
  --distributed           TLC's distributed mode: a server, and --workers processes that work for
                          it; for models that have invariants only, any other is refused
  --listen HOST           the same, for workers on other machines too, which reach this one by HOST
  --join HOST             be such a worker, with --workers threads, until the server is done; it
                          waits where there is none yet. TLC's server asks nobody who he is: have
                          it in a network you trust
  --checkpoints FOLDER    save the states found to FOLDER, for a long run that may be stopped
  --every MINUTES         how often they are saved (30)
  --resume FOLDER         go on from where the run in FOLDER was saved last
  --list                  list the models, and run none
  --json                  one JSON document: models[] of name, expected, result, violated,
                          distinctStates, generatedStates, depth, seconds, ok; of the compiled
                          engine also leftOut[] of name, why

Examples:
  lockstep model                       all models that take seconds
  lockstep model Smoke                 one model, and the actions that it took
  lockstep model ForgetVoteIsFree      a forgotten rule, and its counterexample step by step
  lockstep model Smoke --engine compiled
  lockstep model --size full --workers 2
  lockstep model Reduced4x2 --checkpoints states/
  lockstep model Reduced4x2 --resume states/
  lockstep model Reads --distributed --workers 2
  lockstep model --list

Exit codes: 0 every model gave what the manifest says; 1 one did not; 2 bad usage, or a model that
the engine that was asked for refuses; 3 no Java, or no TLC.
`;

export const modelCommand: Command = {
  name: "model",
  summary: "Check the models of the spec.",
  help: HELP,
  run: async (args, io) => {
    const options = parseModelArguments(args);
    const models = selectModels(options);
    if (options.list) {
      io.stdout(options.json ? `${JSON.stringify({ models })}\n` : listing(models));
      return EXIT.holds;
    }
    if (options.checkpoints !== null && models.length !== 1) {
      const why = "--checkpoints and --resume take the name of one model.";
      throw new CommandError(EXIT.badInput, why);
    }
    if (options.engine === "compiled") return await runCompiled(models, options, io);
    if (options.checkpoints !== null) {
      const { folder, resume } = options.checkpoints;
      outFolder(folder, resume === null ? "--checkpoints" : "--resume");
      if (resume !== null) refuseOtherRun(resume, models, options.workers);
    }
    const checker = await locateChecker(io);
    if (options.join !== null) return await join(options.join, options.workers ?? 1, checker, io);
    const begin = performance.now();
    const verdicts: ModelVerdict[] = [];
    for await (const verdict of verdictsOf(models, options, checker, io)) {
      verdicts.push(verdict);
      const model = models[verdicts.length - 1];
      if (options.json || model === undefined) continue;
      io.stdout(verdictText(model, verdict, models.length === 1, io));
    }
    return conclude(verdicts, secondsSince(begin), options.json, io);
  },
};

/** What was saved is of one model and of so many workers; TLC would go on with others, wrongly. */
function refuseOtherRun(run: string, [model]: readonly Model[], workers: number | undefined): void {
  if (model !== undefined && !isCheckpointOf(run, model.module)) {
    throw new CommandError(EXIT.badInput, `${run} was not saved by the model ${model.name}.`);
  }
  const saved = workersOfCheckpoint(run);
  if (workers === undefined || workers === saved) return;
  const why = `${run} was saved with --workers ${saved}; TLC goes on with as many only.`;
  throw new CommandError(EXIT.badInput, why);
}

/** Finds TLC; where it cannot run, says what can. */
async function locateChecker(io: CommandIo): Promise<ModelChecker> {
  try {
    return await locateModelChecker(io.env, (line) => io.stderr(`${line}\n`));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new EnvironmentError(`${error.message} Without: lockstep model --engine compiled.`);
  }
}

async function runCompiled(
  models: readonly Model[],
  options: ModelArguments,
  io: CommandIo,
): Promise<ExitCode> {
  const begin = performance.now();
  const verdicts: ModelVerdict[] = [];
  const leftOut: LeftOut[] = [];
  for await (const told of compiledVerdicts(models, options, io)) {
    if ("why" in told) {
      leftOut.push({ name: told.name, why: told.why });
      if (!options.json) io.stdout(`- ${told.name} is left out: ${told.why}\n`);
      continue;
    }
    verdicts.push(told.verdict);
    if (options.json) continue;
    io.stdout(verdictText(told.model, told.verdict, models.length === 1, io));
    const { notCompared } = told.verdict;
    if (notCompared !== null && models.length === 1) io.stdout(`  ${notCompared}\n`);
  }
  return conclude(verdicts, secondsSince(begin), options.json, io, leftOut);
}

const CORES = availableParallelism();

/** The verdicts in the order of the models. */
function verdictsOf(
  models: readonly Model[],
  options: ModelArguments,
  checker: ModelChecker,
  io: CommandIo,
): AsyncIterable<ModelVerdict> {
  const { listen } = options;
  return listen === null
    ? shareCores(tasksOf(models, options, checker, io), CORES)
    : distributedVerdicts(models, { ...options, listen }, checker, io);
}

/** Models that TLC searches with one worker share the cores; the others take them all. */
function tasksOf(
  models: readonly Model[],
  options: ModelArguments,
  checker: ModelChecker,
  io: CommandIo,
): readonly Task<ModelVerdict>[] {
  const { checkpoints } = options;
  return models.map((model) => {
    const workers = options.workers ?? workersOf(model, checkpoints);
    return {
      cores: workers,
      run: () => {
        const onProgress = progressOf(model, workers, io);
        const saving = checkpoints === null ? {} : { checkpoints };
        return checkModel(model, checker, { workers, onProgress, ...saving });
      },
    };
  });
}

function workersOf(model: Model, checkpoints: Checkpoints | null): number {
  const saved = checkpoints?.resume ?? null;
  return saved === null ? (model.workers ?? CORES) : workersOfCheckpoint(saved);
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}

function conclude(
  verdicts: readonly ModelVerdict[],
  seconds: number,
  json: boolean,
  io: CommandIo,
  leftOut: readonly LeftOut[] | null = null,
): ExitCode {
  const failed = verdicts.filter(({ ok }) => !ok).map(({ name }) => name);
  if (json) {
    const document = { models: verdicts, ...(leftOut === null ? {} : { leftOut }) };
    io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  } else if (verdicts.length !== 1) {
    const states = verdicts.reduce((sum, { distinctStates }) => sum + (distinctStates ?? 0), 0);
    io.stdout(
      `${counted(verdicts.length, "model")}, ${failed.length === 0 ? "all as the manifest says" : `${failed.length} not as the manifest says: ${failed.join(", ")}`}; ` +
        `${leftOut === null || leftOut.length === 0 ? "" : `${leftOut.length} left out; `}` +
        `${counted(states, "distinct state")}, ${duration(seconds)}\n`,
    );
  }
  return failed.length === 0 ? EXIT.holds : EXIT.violated;
}

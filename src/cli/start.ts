/** `lockstep start`, which is what `npm start` runs: the whole loop, and a table. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { Engine } from "../../trace-check/engine.ts";
import { createTlcEngine } from "../../trace-check/tlc/engine.ts";
import { locateTlcInstallation } from "../../trace-check/tlc/install.ts";
import { checkModel, type ModelChecker } from "../model-check/check-model.ts";
import { exploreModel } from "../model-check/compiled/explore-model.ts";
import { ModelCompiler } from "../model-check/compiled/spec-of-model.ts";
import { readManifest } from "../model-check/manifest.ts";
import { EnvironmentError } from "../setup/environment-error.ts";
import { type Command, CommandError, type CommandIo, EXIT } from "./command.ts";
import { version } from "./dispatch.ts";
import { type LoopResult, type ModelEngine, runLoop, SMOKE_MODEL } from "./starting/loop.ts";
import { summaryText } from "./starting/summary.ts";
import { exitCodeOfVerdict } from "./verdict.ts";

/** Enough to meet every kind of fault, and to be over in well under a minute. */
const DEFAULT_RUNS = 200;
const SIZES = [3, 5];

const HELP = `Runs the whole loop once: TLC exhausts the smoke model of the spec; the implementation runs
in simulated clusters of 3 and 5 servers under every kind of fault; and every step that it took
is held against the spec. Ends with a table. In a clone, npm start does this.

Usage: lockstep start [OPTIONS]

Options:
  --runs N   how many executions (${DEFAULT_RUNS})
  --seed S   the seed of the first; each further one has the next (1)
  --json     one JSON document on standard output

Examples:
  npm start
  npm start -- --seed 42
  lockstep start --runs 1000 --json

Without Java the spec compiled to JavaScript does all of it: it exhausts the smoke model and checks
the steps. The table says what TLC would have added, a second opinion on both.

Exit codes: 0 what was checked holds, every step among it; 1 something does not; 2 bad usage;
3 nothing was found wrong, but a history was too much for the check of linearizability to decide.
`;

export const startCommand: Command = {
  name: "start",
  summary: "Run the whole loop once: the spec, the implementation, and the one against the other.",
  help: HELP,
  run: async (args, io) => {
    const options = parse(args);
    const begin = performance.now();
    const tell = (line: string) => io.stderr(`${line}\n`);
    const tools = await findTools(io, tell);
    const result = await runLoop({
      ...options,
      sizes: SIZES,
      modelEngine: tools.modelEngine,
      engines: tools.engines,
      onStage: tell,
    });
    const seconds = (performance.now() - begin) / 1000;
    const { leftOut } = tools;
    io.stdout(
      options.json
        ? documentOf(result, leftOut, options.seed, seconds)
        : summaryText({ result, sizes: SIZES, leftOut, seconds }, io),
    );
    // The compiled spec needs no Java, so that every step is held against the spec in any case.
    return exitCodeOfVerdict(result.verdict);
  },
};

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: String(DEFAULT_RUNS) },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  return {
    runs: wholeNumber("--runs", values.runs, 1),
    seed: wholeNumber("--seed", values.seed, 0),
    json: values.json,
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value >= least) return value;
  throw new CommandError(
    EXIT.badInput,
    `${option} ${text}: a whole number from ${least} to 999999999 is expected.`,
  );
}

interface Tools {
  readonly modelEngine: ModelEngine | null;
  readonly engines: readonly Engine[];
  readonly leftOut: readonly string[];
}

/** What there is to check with; without Java, what has to be left out and how to have it. */
async function findTools(io: CommandIo, tell: (line: string) => void): Promise<Tools> {
  const compiled = createCompiledEngine();
  try {
    const installation = await locateTlcInstallation(io.env, tell);
    const engines = [createTlcEngine(installation), compiled];
    return { modelEngine: tlcOn(installation), engines, leftOut: [] };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const modelEngine = await compiledEngine(error);
    const isLeftOut = modelEngine === null;
    return {
      modelEngine,
      engines: [compiled],
      leftOut: [
        isLeftOut
          ? "the spec's smoke model, whose text was changed, and a second opinion on the steps: TLC does both"
          : "a second opinion on the smoke model and on the steps: TLC, an engine that others made, gives it",
        `why, and what to do: ${error.message}`,
      ],
    };
  }
}

function tlcOn(checker: ModelChecker): ModelEngine {
  const workers = availableParallelism();
  return {
    name: "TLC",
    check: (model, onProgress) => checkModel(model, checker, { workers, onProgress }),
  };
}

/** The compiled spec; null where it is of another text than the spec has now, which Java reads. */
async function compiledEngine(why: EnvironmentError): Promise<ModelEngine | null> {
  const compiler = new ModelCompiler(() => Promise.reject(why));
  const model = readManifest().find(({ name }) => name === SMOKE_MODEL);
  try {
    if (model !== undefined) await compiler.compile(model);
  } catch (error) {
    if (error === why) return null;
    throw error;
  }
  return {
    name: "the compiled spec",
    check: async (each, onProgress) => {
      return exploreModel(each, await compiler.compile(each), { onProgress });
    },
  };
}

function documentOf(
  result: LoopResult,
  leftOut: readonly string[],
  seed: number,
  seconds: number,
): string {
  const { model, campaign, fuzzSeconds, engines, verdict } = result;
  const { runs, events, commands, faults, actions, failure, undecided } = campaign;
  const document = {
    version: version(),
    holds: verdict === "holds",
    verdict,
    leftOut,
    seconds,
    model,
    fuzz: {
      seed,
      runs,
      events,
      commands,
      faults,
      coverage: actions,
      failure,
      undecided,
      seconds: fuzzSeconds,
    },
    check: engines,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** `lockstep model --distributed`, `--listen` and `--join`: TLC's own distributed mode. */
import { lookup } from "node:dns/promises";
import type { ModelChecker } from "../../model-check/check-model.ts";
import {
  DISTRIBUTED_PORT,
  freePort,
  joinDistributed,
  LOOPBACK,
  type Meeting,
  runDistributed,
  whyNotDistributed,
} from "../../model-check/distributed.ts";
import { type Model, modelsFolder } from "../../model-check/manifest.ts";
import { judge, type ModelVerdict } from "../../model-check/verdict.ts";
import { CommandError, type CommandIo, EXIT, type ExitCode } from "../command.ts";
import { counted } from "../progress.ts";
import type { ModelArguments } from "./arguments.ts";
import { progressOf } from "./text.ts";

/**
 * Runs the models one after the other, each with a server and workers.
 *
 * @throws CommandError for a model that the distributed mode cannot judge, before any is run
 */
export async function* distributedVerdicts(
  models: readonly Model[],
  options: ModelArguments & { readonly listen: string },
  checker: ModelChecker,
  io: CommandIo,
): AsyncGenerator<ModelVerdict> {
  await refuseWhatIsNotJudged(models);
  if (options.isOpen && models.length !== 1) {
    throw new CommandError(EXIT.badInput, "--listen takes the name of one model.");
  }
  for (const model of models) yield await distributedVerdict(model, options, checker, io);
}

async function refuseWhatIsNotJudged(models: readonly Model[]): Promise<void> {
  for (const model of models) {
    const why = await whyNotDistributed(modelsFolder(), model);
    if (why === null) continue;
    throw new CommandError(
      EXIT.badInput,
      `${model.name} cannot be distributed: ${why}. Run it without --distributed.`,
    );
  }
}

async function distributedVerdict(
  model: Model,
  options: ModelArguments & { readonly listen: string },
  checker: ModelChecker,
  io: CommandIo,
): Promise<ModelVerdict> {
  const workers = options.workers ?? (options.isOpen ? 0 : 2);
  const folder = modelsFolder();
  const begin = performance.now();
  const report = await runDistributed({
    ...checker,
    folder,
    model,
    workers,
    meeting: {
      host: options.listen,
      port: options.isOpen ? DISTRIBUTED_PORT : await freePort(),
    },
    onProgress: progressOf(model, workers, io),
    onReady: () => {
      if (!options.isOpen) return;
      io.stderr(`on the other machines: lockstep model --join ${options.listen} --workers N\n`);
    },
    onWorker: () => io.stderr(`  ${model.name}: a worker has joined\n`),
  });
  const seconds = (performance.now() - begin) / 1000;
  return named(
    judge(comparable(model), { report, seconds, workers: Math.max(workers, 2), folder }),
  );
}

/**
 * What of the manifest the distributed mode repeats: the distinct states. A state that two
 * workers generate at once is counted for each, and what is generated from one of several
 * symmetric states depends on which came first.
 */
function comparable({ generatedStates, depth, ...model }: Model): Model {
  return model;
}

/** TLC does not say which invariant fell: then the verdict says how to learn it. */
function named(verdict: ModelVerdict): ModelVerdict {
  if (verdict.result !== "fail") return verdict;
  const problem = `an invariant falls; lockstep model ${verdict.name} says which, and the way there`;
  return { ...verdict, problems: [problem], counterexample: [] };
}

/**
 * Works for the server on HOST, or HOST:PORT, until it is done.
 *
 * @throws CommandError where there is no such server, or it went away
 */
export async function join(
  target: string,
  threads: number,
  checker: ModelChecker,
  io: CommandIo,
): Promise<ExitCode> {
  const meeting = meetingOf(target);
  io.stderr(
    `working for ${meeting.host}, port ${meeting.port}, with ${counted(threads, "thread")}\n`,
  );
  // TLC's worker ends as if all were well where nobody knows the name.
  await lookup(meeting.host).catch(() => {
    throw new CommandError(EXIT.environment, `no machine is known by the name ${meeting.host}.`);
  });
  const exitCode = await joinDistributed(checker, meeting, threads);
  if (exitCode === 0) return EXIT.holds;
  throw new CommandError(
    EXIT.environment,
    `the work for ${target} ended early. There, lockstep model NAME --listen ${meeting.host} must be running.`,
  );
}

function meetingOf(target: string): Meeting {
  const match = /^([^\s:]+)(?::([1-9]\d{0,4}))?$/.exec(target);
  const host = match?.[1];
  if (host === undefined) {
    throw new CommandError(EXIT.badInput, `--join ${target} is no HOST, such as ${LOOPBACK}.`);
  }
  return { host, port: Number(match?.[2] ?? DISTRIBUTED_PORT) };
}

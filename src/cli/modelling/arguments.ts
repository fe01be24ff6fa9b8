/** What `lockstep model` is asked on the command line. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Checkpoints, latestCheckpoint } from "../../model-check/checkpoints.ts";
import { LOOPBACK } from "../../model-check/distributed.ts";
import { type Model, readManifest, SIZES, type Size } from "../../model-check/manifest.ts";
import { statsOf } from "../../setup/folders.ts";
import { closestName } from "../../trace/suggest.ts";
import { CommandError, EXIT } from "../command.ts";
import { refuseEmpty } from "../out-folder.ts";

/** What `lockstep model` was asked. */
export interface ModelArguments {
  readonly names: readonly string[];
  readonly size: Size | undefined;
  readonly workers: number | undefined;
  readonly list: boolean;
  readonly json: boolean;
  /** TLC's distributed mode, with a server that workers reach by this name; null: without. */
  readonly listen: string | null;
  /** Whether workers of other machines are meant to come. */
  readonly isOpen: boolean;
  /** The server to be a worker of. */
  readonly join: string | null;
  readonly checkpoints: Checkpoints | null;
  readonly engine: ModelEngine;
}

/** What goes through the states: TLC, or the spec compiled to JavaScript. */
export const MODEL_ENGINES = ["tlc", "compiled"] as const;
export type ModelEngine = (typeof MODEL_ENGINES)[number];

/** @throws CommandError for what cannot be meant. */
export function parseModelArguments(args: readonly string[]): ModelArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      size: { type: "string" },
      engine: { type: "string", default: "tlc" },
      workers: { type: "string" },
      distributed: { type: "boolean", default: false },
      listen: { type: "string" },
      join: { type: "string" },
      checkpoints: { type: "string" },
      every: { type: "string" },
      resume: { type: "string" },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const size = SIZES.find((known) => known === values.size);
  if (values.size !== undefined && size === undefined) {
    throw new CommandError(EXIT.badInput, `--size ${values.size} is not ${SIZES.join(", ")}.`);
  }
  const engine = MODEL_ENGINES.find((known) => known === values.engine);
  if (engine === undefined) {
    throw new CommandError(EXIT.badInput, `--engine ${values.engine} is not tlc or compiled.`);
  }
  if (engine === "compiled") refuseOfTlc(values);
  if (values.workers !== undefined && !/^[1-9]\d{0,3}$/.test(values.workers)) {
    throw new CommandError(
      EXIT.badInput,
      `--workers ${values.workers} is not a number of threads, such as 2.`,
    );
  }
  for (const name of ["checkpoints", "resume", "join", "listen"] as const) {
    refuseEmpty(`--${name}`, values[name]);
  }
  refuseTogether(values, ["join", "listen", "distributed", "checkpoints", "resume", "list"]);
  if (values.join !== undefined && positionals.length > 0) {
    const why = "--join takes no NAME: the server says which model it is.";
    throw new CommandError(EXIT.badInput, why);
  }
  return {
    names: positionals,
    size,
    workers: values.workers === undefined ? undefined : Number(values.workers),
    list: values.list,
    json: values.json,
    listen: values.listen ?? (values.distributed ? LOOPBACK : null),
    isOpen: values.listen !== undefined,
    join: values.join ?? null,
    checkpoints: checkpointsOf(values),
    engine,
  };
}

/** What only TLC has: several threads on one model, machines, states on the disk. */
function refuseOfTlc(values: Readonly<Record<string, string | boolean | undefined>>): void {
  const own = ["workers", "join", "listen", "distributed", "checkpoints", "every", "resume"];
  const first = own.find((name) => values[name] !== undefined && values[name] !== false);
  if (first === undefined) return;
  const why = `--${first} is of TLC: the compiled engine explores a model in one thread, in memory.`;
  throw new CommandError(EXIT.badInput, why);
}

/**
 * Each of these is a way of its own to run TLC, or to run none; only --listen goes with
 * --distributed, of which it is a form.
 */
function refuseTogether(
  values: Readonly<Record<string, string | boolean | undefined>>,
  names: readonly string[],
): void {
  const [first, second] = names
    .filter((name) => values[name] !== undefined && values[name] !== false)
    .filter((name) => name !== "distributed" || values.listen === undefined);
  if (first === undefined || second === undefined) return;
  throw new CommandError(EXIT.badInput, `--${first} and --${second} do not go together.`);
}

/** Where states are saved and gone on from. */
function checkpointsOf(values: {
  readonly checkpoints?: string | undefined;
  readonly every?: string | undefined;
  readonly resume?: string | undefined;
}): Checkpoints | null {
  const { checkpoints, every = "30", resume } = values;
  if (!/^[1-9]\d{0,3}$/.test(every)) {
    throw new CommandError(
      EXIT.badInput,
      `--every ${every} is not a number of minutes, such as 30.`,
    );
  }
  if (resume === undefined) {
    if (checkpoints !== undefined) {
      refuseFile(checkpoints);
      return { folder: resolve(checkpoints), minutes: Number(every), resume: null };
    }
    if (values.every === undefined) return null;
    throw new CommandError(EXIT.badInput, "--every needs --checkpoints FOLDER or --resume FOLDER.");
  }
  const saved = latestCheckpoint(resolve(resume));
  if (saved === null) {
    const why = `${resume} holds nothing that \`lockstep model NAME --checkpoints ${resume}\` saved.`;
    throw new CommandError(EXIT.badInput, why);
  }
  return { folder: resolve(resume), minutes: Number(every), resume: saved };
}

/**
 * The models that were asked for, in the order of the manifest.
 *
 * @throws CommandError for a name that is none
 */
export function selectModels({ names, size, list }: ModelArguments): readonly Model[] {
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
    const named = models.filter(({ name }) => names.includes(name));
    const other = named.find((model) => size !== undefined && model.size !== size);
    if (other === undefined) return named;
    const why = `${other.name} is of the size ${other.size}: leave --size ${size} out.`;
    throw new CommandError(EXIT.badInput, why);
  }
  const wanted = size ?? (list ? undefined : "smoke");
  return models.filter((model) => wanted === undefined || model.size === wanted);
}

/** TLC itself would answer with a stack trace. */
function refuseFile(folder: string): void {
  const found = statsOf(folder);
  if (found === null || found.isDirectory()) return;
  throw new CommandError(EXIT.badInput, `--checkpoints ${folder} is no folder: name another.`);
}

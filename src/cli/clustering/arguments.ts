/** What `lockstep cluster` is told to do. */
import { readdirSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { ENGINES, type EngineName } from "../checking/arguments.ts";
import { CommandError, EXIT } from "../command.ts";

export interface ClusterArguments {
  readonly servers: number;
  readonly seconds: number;
  readonly clients: number;
  readonly pauseMilliseconds: number;
  readonly chaos: boolean;
  readonly seed: number;
  readonly folder: string;
  readonly engine: EngineName;
  readonly json: boolean;
}

/** Throws a CommandError for what makes no sense. */
export function parseClusterArguments(args: readonly string[]): ClusterArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      servers: { type: "string", default: "3" },
      seconds: { type: "string", default: "10" },
      clients: { type: "string", default: "8" },
      pause: { type: "string", default: "20" },
      chaos: { type: "boolean", default: false },
      seed: { type: "string" },
      out: { type: "string" },
      engine: { type: "string", default: "compiled" },
      json: { type: "boolean", default: false },
    },
  });
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : integer("seed", values.seed, 0);
  const engine = ENGINES.find((name) => name === values.engine);
  if (engine === undefined) {
    throw bad(`--engine ${values.engine} is not known; it is ${ENGINES.join(" or ")}.`);
  }
  const folder = values.out ?? `cluster-${seed}`;
  requireEmpty(folder);
  return {
    servers: integer("servers", values.servers, 1, 9),
    seconds: integer("seconds", values.seconds, 1, 7 * 24 * 3600),
    clients: integer("clients", values.clients, 1, 1000),
    pauseMilliseconds: integer("pause", values.pause, 0, 60_000),
    chaos: values.chaos,
    seed,
    folder,
    engine,
    json: values.json,
  };
}

function requireEmpty(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw bad(`--out ${folder} is no folder: name another.`);
  if (readdirSync(folder).length === 0) return;
  throw bad(`${folder} is not empty: name another folder with --out, or remove it.`);
}

function integer(option: string, text: string, least: number, most = 2 ** 31 - 1): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw bad(`--${option} ${text} is not an integer from ${least} to ${most}.`);
}

function bad(message: string): CommandError {
  return new CommandError(EXIT.badInput, message);
}

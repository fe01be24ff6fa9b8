/** The options of `lockstep fuzz`. */
import { parseArgs } from "node:util";
import { MAX_SERVERS } from "../../sim/cluster.ts";
import { forgetRule, RULE_NAMES } from "../../sim/forgotten-rules.ts";
import { suggestion } from "../../trace/suggest.ts";
import { CommandError, EXIT } from "../command.ts";
import { refuseEmpty } from "../out-folder.ts";

/** What holds the steps against the spec. */
export const FUZZ_ENGINES = ["compiled", "tlc", "both"] as const;
export type FuzzEngine = (typeof FUZZ_ENGINES)[number];

export interface FuzzOptions {
  readonly engine: FuzzEngine;
  readonly runs: number;
  readonly seed: number;
  /** Sizes of clusters to draw from. */
  readonly sizes: readonly number[];
  /** Where traces go; null: only a failure is written, to FAILURE_FOLDER. */
  readonly out: string | null;
  /** The rule that the servers forget; null for none. */
  readonly forgotten: string | null;
  /** A schedule's file to replay; null for none. */
  readonly replay: string | null;
  /** The trace of every how manyth run is checked. */
  readonly checkEvery: number;
  readonly listsRules: boolean;
  readonly isJson: boolean;
}

export const FAILURE_FOLDER = "fuzz-failures";
const DEFAULT_RUNS = 200;
/** Where a rule is forgotten: what it takes to go wrong may be rare. */
const DEFAULT_RUNS_FORGETFUL = 500;
/** All sizes, the usual ones more often. */
const DEFAULT_SIZES: readonly number[] = [1, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7];

/** With more runs than this, TLC checks a sample of so many traces and not every one. */
const MOST_CHECKED = 1000;
const LARGEST_SEED = 2 ** 31 - 1;

/** @throws CommandError, or parseArgs' own error, for what makes no sense */
export function parseOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: "string", default: "compiled" },
      runs: { type: "string" },
      seed: { type: "string" },
      servers: { type: "string" },
      out: { type: "string" },
      forget: { type: "string" },
      replay: { type: "string" },
      "check-every": { type: "string" },
      "list-rules": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  refuseEmpty("--out", values.out);
  if (values.replay !== undefined) refuseWithReplay(values);
  const forgotten = parseRule(values.forget);
  const defaultRuns = forgotten === null ? DEFAULT_RUNS : DEFAULT_RUNS_FORGETFUL;
  const runs = integer("--runs", values.runs, defaultRuns, 1, 100_000_000);
  const engine = parseEngine(values.engine);
  // The compiled spec looks on as the run goes: it can look at every one.
  const everyHowMany = engine === "compiled" ? 1 : Math.max(1, Math.ceil(runs / MOST_CHECKED));
  return {
    engine,
    runs,
    seed: integer("--seed", values.seed, 1, 0, LARGEST_SEED - runs),
    sizes: parseSizes(values.servers),
    out: values.out ?? null,
    forgotten,
    replay: values.replay ?? null,
    checkEvery: integer("--check-every", values["check-every"], everyHowMany, 1, LARGEST_SEED),
    listsRules: values["list-rules"],
    isJson: values.json,
  };
}

/** A schedule says by itself what runs: these would be passed over. */
function refuseWithReplay(values: Readonly<Record<string, string | boolean | undefined>>): void {
  for (const name of ["runs", "seed", "servers", "forget", "check-every"]) {
    if (values[name] === undefined) continue;
    throw new CommandError(
      EXIT.badInput,
      `--replay runs what its schedule says, and --${name} has no part in that: leave it out.`,
    );
  }
}

function parseEngine(name: string): FuzzEngine {
  const engine = FUZZ_ENGINES.find((each) => each === name);
  if (engine !== undefined) return engine;
  throw new CommandError(
    EXIT.badInput,
    `--engine ${name} is not known; it is ${FUZZ_ENGINES.join(" or ")}.`,
  );
}

function integer(
  option: string,
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return value;
  throw new CommandError(
    EXIT.badInput,
    `${option} ${text}: a whole number from ${least} to ${most} is expected.`,
  );
}

function parseSizes(text: string | undefined): readonly number[] {
  if (text === undefined) return DEFAULT_SIZES;
  return text.split(",").map((size) => integer("--servers", size, 0, 1, MAX_SERVERS));
}

function parseRule(name: string | undefined): string | null {
  if (name === undefined) return null;
  if (forgetRule(name) !== null) return name;
  throw new CommandError(
    EXIT.badInput,
    `--forget ${name}: there is no such rule${suggestion(name, RULE_NAMES)}. ` +
      "lockstep fuzz --list-rules lists them.",
  );
}

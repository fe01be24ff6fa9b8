/** What `lockstep check` is told to do. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { CommandError, EXIT } from "../command.ts";
import { refuseEmpty, refuseEmptyPaths } from "../out-folder.ts";

export const FORMATS = [
  "text",
  "json",
  "junit",
  "github",
  "sarif",
  "html",
  "shiviz",
  "itf",
] as const;
export type Format = (typeof FORMATS)[number];

export const ENGINES = ["tlc", "compiled", "both"] as const;
export type EngineName = (typeof ENGINES)[number];

/** One more report, into a file. */
export interface FileReport {
  readonly format: Format;
  readonly file: string;
}

export interface CheckArguments {
  readonly paths: readonly string[];
  readonly engine: EngineName;
  /** How many threads check files at once. */
  readonly workers: number;
  /** Of the report on standard output. */
  readonly format: Format;
  readonly fileReports: readonly FileReport[];
  readonly lint: boolean;
  readonly countRules: boolean;
  readonly requireCoverage: boolean;
  /** Where to write the fewest events of each divergence; null for nowhere. */
  readonly minimiseInto: string | null;
  readonly open: boolean;
  /** The file that remembers what was judged; null where nothing is remembered. */
  readonly journal: string | null;
}

/** @throws CommandError for what it does not understand */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      engine: { type: "string", default: "tlc" },
      workers: { type: "string" },
      format: { type: "string" },
      report: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
      lint: { type: "boolean", default: false },
      minimise: { type: "boolean", default: false },
      out: { type: "string" },
      resume: { type: "string" },
      open: { type: "boolean", default: false },
      coverage: { type: "boolean", default: false },
      "require-coverage": { type: "boolean", default: false },
    },
  });
  refuseEmptyPaths(positionals);
  if (positionals.length === 0) {
    throw new CommandError(
      EXIT.badInput,
      "name a trace or a folder of traces: lockstep check PATH... (lockstep fuzz --out DIR makes some).",
    );
  }
  if (values.json && values.format !== undefined && values.format !== "json") {
    throw new CommandError(
      EXIT.badInput,
      `--json and --format ${values.format} exclude each other.`,
    );
  }
  if (values.out !== undefined && !values.minimise) {
    throw new CommandError(
      EXIT.badInput,
      "--out says where --minimise writes: add --minimise, or name a report's file with --report FORMAT=FILE.",
    );
  }
  refuseEmpty("--out", values.out);
  refuseEmpty("--resume", values.resume);
  const parsed: CheckArguments = {
    paths: positionals,
    engine: oneOf("--engine", values.engine, ENGINES),
    workers: workersOf(values.workers),
    format: values.json ? "json" : oneOf("--format", values.format ?? "text", FORMATS),
    fileReports: values.report.map(fileReport),
    lint: values.lint,
    countRules: values.coverage || values["require-coverage"],
    requireCoverage: values["require-coverage"],
    minimiseInto: values.minimise ? (values.out ?? "check-minimal") : null,
    open: values.open,
    journal: values.resume ?? null,
  };
  if (parsed.lint) refuseWithLint(parsed);
  if (parsed.journal !== null) refuseWithResume(parsed);
  return parsed;
}

/** As many threads as there are cores, unless it is said otherwise. */
function workersOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new CommandError(EXIT.badInput, `--workers ${text} is not a number from 1 to 999.`);
}

function fileReport(text: string): FileReport {
  const [, format = "", file = ""] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  if (file === "") {
    throw new CommandError(
      EXIT.badInput,
      `--report ${text} is not FORMAT=FILE, as in --report junit=results.xml.`,
    );
  }
  return { format: oneOf("--report", format, FORMATS), file };
}

/** --lint checks no step, so that there is nothing to minimise, to open or to count. */
function refuseWithLint(parsed: CheckArguments): void {
  if (parsed.format !== "text" && parsed.format !== "json") {
    throw new CommandError(EXIT.badInput, "--lint reports as --format text or json.");
  }
  const others = [
    ["--minimise", parsed.minimiseInto !== null],
    ["--open", parsed.open],
    ["--resume", parsed.journal !== null],
    ["--report", parsed.fileReports.length > 0],
    [parsed.requireCoverage ? "--require-coverage" : "--coverage", parsed.countRules],
  ] as const;
  for (const [option, isGiven] of others) {
    if (isGiven) {
      throw new CommandError(
        EXIT.badInput,
        `--lint checks no step, and ${option} needs it: leave one out.`,
      );
    }
  }
}

/** What was judged before is remembered without its events, which these reports consist of. */
function refuseWithResume({ format, fileReports }: CheckArguments): void {
  for (const each of [format, ...fileReports.map((report) => report.format)]) {
    if (each !== "shiviz" && each !== "itf") continue;
    throw new CommandError(
      EXIT.badInput,
      `--resume does not keep the events that a report in the ${each} format is made of: leave one out.`,
    );
  }
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new CommandError(
    EXIT.badInput,
    `${option} ${value} is not known; it is ${known.join(" or ")}.`,
  );
}

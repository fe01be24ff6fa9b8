/** `lockstep check`: recorded executions held against the spec. */
import { parseArgs } from "node:util";
import { agreeing } from "../../trace-check/agreeing.ts";
import { type CheckResult, checkPaths } from "../../trace-check/check.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import { coversAll } from "../../trace-check/coverage.ts";
import type { Engine } from "../../trace-check/engine.ts";
import type { MalformedTrace } from "../../trace-check/loaded.ts";
import { listTraces } from "../../trace-check/read.ts";
import { jsonReport, PLAIN, type Style, textReport } from "../../trace-check/report.ts";
import { githubReport } from "../../trace-check/report-github.ts";
import { junitReport } from "../../trace-check/report-junit.ts";
import { createTlcEngine } from "../../trace-check/tlc/engine.ts";
import { locateTlcInstallation } from "../../trace-check/tlc/install.ts";
import { readWords } from "../../trace-check/words.ts";
import { packageFolder } from "../setup/environment.ts";
import { type LintReport, lintTrace } from "../trace/lint.ts";
import { lintLines } from "../trace/lint-text.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import { styled } from "./io.ts";

const FORMATS = ["text", "json", "junit", "github"] as const;
type Format = (typeof FORMATS)[number];

const ENGINES = ["tlc", "compiled", "both"] as const;

const HELP = `Holds recorded executions against the spec: every event must be a step of spec/Raft.tla,
and every step must keep every property.

Usage: lockstep check PATH... [OPTIONS]

PATH is a trace, or a folder: then every *.ndjson below it. The files of one execution, one
from each server, are merged. The format is that of spec/TRACE.md.

Options:
  --engine tlc|compiled|both
                        what judges: TLC, the TLA+ model checker (the default); the spec compiled
                        to JavaScript, which needs no Java; or both, which must agree
  --lint                judge only the form of the traces, on every line, and what looks as if
                        the logger had misunderstood the format; no step is checked
  --format text|json|junit|github
                        how to report (text); github marks lines in GitHub Actions
  --json                the same as --format json
  --coverage            count also how often each rule granted and refused
  --require-coverage    an action that no trace has, and a rule that was not seen both granting
                        and refusing, count as a divergence

Examples:
  lockstep check traces/
  lockstep check node1.ndjson node2.ndjson node3.ndjson
  lockstep check --engine both traces/
  lockstep check --lint traces/
  lockstep check --json traces/ > result.json

Exit codes: 0 every event is a step of the spec; 1 a trace diverges from it; 2 a trace is
malformed, a path is missing or a folder holds no trace; 3 there is no Java, or no TLC.
`;

export const checkCommand: Command = {
  name: "check",
  summary: "Hold recorded traces against the spec.",
  help: HELP,
  run: async (args, io) => {
    const options = parse(args);
    if (options.lint) return await lint(options, io);
    const engine = engineNamed(options.engine, io);
    const result = await checkPaths(options.paths, {
      engine,
      words: await readWords(packageFolder()),
      countRules: options.countRules,
      onProgress: (traces, events) => io.stderr(`checked ${traces} traces, ${events} events\n`),
    });
    io.stdout(reportOf(result, options.format, io));
    return exitCodeOf(result, options.requireCoverage);
  },
};

interface CheckArguments {
  readonly paths: readonly string[];
  readonly engine: (typeof ENGINES)[number];
  readonly format: Format;
  readonly lint: boolean;
  readonly countRules: boolean;
  readonly requireCoverage: boolean;
}

function parse(args: readonly string[]): CheckArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      engine: { type: "string", default: "tlc" },
      format: { type: "string" },
      json: { type: "boolean", default: false },
      lint: { type: "boolean", default: false },
      coverage: { type: "boolean", default: false },
      "require-coverage": { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) {
    throw new CommandError(
      EXIT.badInput,
      "name a trace or a folder of traces: lockstep check PATH... (lockstep fuzz --out DIR makes some).",
    );
  }
  const format = values.json ? "json" : oneOf("--format", values.format ?? "text", FORMATS);
  if (values.lint && format !== "text" && format !== "json") {
    throw new CommandError(EXIT.badInput, "--lint reports as --format text or json.");
  }
  return {
    paths: positionals,
    engine: oneOf("--engine", values.engine, ENGINES),
    format,
    lint: values.lint,
    countRules: values.coverage || values["require-coverage"],
    requireCoverage: values["require-coverage"],
  };
}

function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new CommandError(
    EXIT.badInput,
    `${option} ${value} is not known; it is ${known.join(" or ")}.`,
  );
}

function engineNamed(name: CheckArguments["engine"], io: CommandIo): Engine {
  switch (name) {
    case "tlc":
      return tlcEngine(io);
    case "compiled":
      return createCompiledEngine();
    case "both":
      return agreeing(tlcEngine(io), createCompiledEngine());
  }
}

/** TLC, looked for (and fetched) once there is something to check. */
function tlcEngine(io: CommandIo): Engine {
  let located: Promise<Engine> | undefined;
  const locate = async () =>
    createTlcEngine(await locateTlcInstallation(io.env, (line) => io.stderr(`${line}\n`)));
  return {
    name: "tlc",
    check: async (traces) => {
      located ??= locate();
      return await (await located).check(traces);
    },
  };
}

function reportOf(result: CheckResult, format: Format, io: CommandIo): string {
  switch (format) {
    case "text":
      return textReport(result, styleOf(io));
    case "json":
      return jsonReport(result);
    case "junit":
      return junitReport(result);
    case "github":
      return githubReport(result);
  }
}

/** Judges the form alone, as text or JSON. Warnings are told and are no fault. */
async function lint(options: CheckArguments, io: CommandIo): Promise<ExitCode> {
  const reports: LintReport[] = [];
  const faults: MalformedTrace[] = [];
  for await (const found of listTraces(options.paths)) {
    if (found.kind === "malformed") faults.push(found.malformed);
    else reports.push(await lintTrace(found.file));
  }
  if (options.format === "json") {
    io.stdout(`${JSON.stringify({ lint: reports, malformed: faults }, null, 2)}\n`);
  } else {
    const lines = [...reports.flatMap(lintLines), ...faults.map((fault) => fault.message)];
    io.stdout(`${lines.join("\n")}\n`);
  }
  const isRight = faults.length === 0 && reports.every((report) => report.errors === 0);
  return isRight ? EXIT.holds : EXIT.badInput;
}

function styleOf(io: CommandIo): Style {
  if (!io.color) return PLAIN;
  return {
    bad: (text) => styled(io, "red", text),
    good: (text) => styled(io, "green", text),
    strong: (text) => styled(io, "bold", text),
  };
}

function exitCodeOf(result: CheckResult, requireCoverage: boolean): ExitCode {
  if (result.invalid > 0 || (requireCoverage && !coversAll(result))) return EXIT.violated;
  return result.malformed.length > 0 || result.traces === 0 ? EXIT.badInput : EXIT.holds;
}

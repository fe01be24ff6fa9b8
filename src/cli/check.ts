/** `lockstep check`: recorded executions held against the spec. */
import { type CheckOptions, type CheckResult, checkPaths } from "../../trace-check/check.ts";
import { coverageGaps } from "../../trace-check/coverage.ts";
import type { MalformedTrace } from "../../trace-check/loaded.ts";
import { listTraces } from "../../trace-check/read.ts";
import { readWords } from "../../trace-check/words.ts";
import { packageFolder } from "../setup/environment.ts";
import { type LintReport, lintTrace } from "../trace/lint.ts";
import { lintLines } from "../trace/lint-text.ts";
import { type CheckArguments, parseCheckArguments } from "./checking/arguments.ts";
import { engineNamed, styleOf } from "./checking/engine.ts";
import { explorerReport } from "./checking/explored.ts";
import { minimalWriter } from "./checking/minimal.ts";
import { openInBrowser, placeToOpen } from "./checking/open.ts";
import { refuseOverwriting } from "./checking/overwriting.ts";
import { type Report, reportInto, reportTo } from "./checking/reports.ts";
import { checkResumably, specDigest } from "./checking/resumable.ts";
import { type Command, type CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import { version } from "./dispatch.ts";
import { cannotWrite } from "./out-folder.ts";
import { counted, progressTeller, withCommas } from "./progress.ts";

const SECONDS_BETWEEN_PROGRESS = 1;

const HELP = `Holds recorded executions against the spec: every event must be a step of spec/Raft.tla,
and every step must keep every property.

Usage: lockstep check PATH... [OPTIONS]

PATH is a trace, or a folder: then every *.ndjson below it. The files of one execution, one
from each server, are merged. The format is that of spec/TRACE.md.

Options:
  --engine tlc|compiled|both
                        what judges: TLC, the TLA+ model checker (the default); the spec compiled
                        to JavaScript, which needs no Java; or both, which must agree
  --workers N           how many threads of the compiled engine check files at once (as many as
                        there are cores)
  --format FORMAT       how to report on standard output: text (the default), json (its schema is
                        spec/report.schema.json), junit, github (marks lines in GitHub Actions),
                        sarif, html, shiviz (a log for ShiViz, which draws it), itf (the states of
                        one trace, for viewers of TLA+ behaviours)
  --json                the same as --format json
  --report FORMAT=FILE  write a report into a file besides, whose folder is made where it is
                        missing; may be repeated
  --open                open the explorer in the browser, at the divergence, where one trace
                        diverges; else the HTML report, and always one that --report names
  --minimise            write the fewest events of each trace that still diverge in the same way
  --out DIR             where to (check-minimal)
  --resume FILE         remember in FILE what was judged; a check that was interrupted goes on
                        there, and files that have not changed are not judged again
  --coverage            count also how often each rule granted and refused
  --require-coverage    an action that no trace has, and a rule that was not seen both granting
                        and refusing, is told and counts as a divergence
  --lint                judge only the form of the traces, on every line, and what looks as if
                        the logger had misunderstood the format; no step is checked

Examples:
  lockstep check traces/
  lockstep check node1.ndjson node2.ndjson node3.ndjson
  lockstep check --engine both traces/
  lockstep check --minimise --open traces/
  lockstep check --format github --report junit=junit.xml --report html=report.html traces/
  lockstep check --resume check.journal --report html=report.html traces/
  lockstep check --lint traces/
  lockstep check --json traces/ > result.json

Exit codes: 0 every event is a step of the spec; 1 a trace diverges from it, or the coverage that
is required is not there; 2 a trace is malformed, a path is missing or a folder holds no trace;
3 there is no Java, or no TLC.
`;

export const checkCommand: Command = {
  name: "check",
  summary: "Hold recorded traces against the spec.",
  help: HELP,
  run: async (args, io) => {
    const options = parseCheckArguments(args);
    if (options.lint) return await lint(options, io);
    await refuseOverwriting(options);
    const page = options.open ? pageOf(options) : null;
    const unwritten: CommandError[] = [];
    const isReportAsked = options.fileReports.some(({ format }) => format === "html");
    const explored = options.open && !isReportAsked ? explorerReport() : null;
    const onUnwritten = (what: string) => (error: unknown) => {
      const fault = cannotWrite(what, error, "name another file");
      io.stderr(`lockstep check: ${fault.message}\n`);
      unwritten.push(fault);
    };
    const reports = [
      ...reportsOf(options, page, io, onUnwritten),
      ...(explored === null ? [] : [explored]),
    ];
    const result = await judge(options, reports, io, onUnwritten);
    for (const report of reports) report.finish(result);
    if (page !== null) await show(page, (await explored?.write()) ?? null, io);
    const exitCode = exitCodeOf(result, options, io);
    return exitCode === EXIT.holds ? (unwritten[0]?.exitCode ?? exitCode) : exitCode;
  },
};

/** Gives who is told, once something cannot be written any more: what was found is told all the same. */
type OnUnwritten = (what: string) => (error: unknown) => void;

async function judge(
  options: CheckArguments,
  reports: readonly Report[],
  io: CommandIo,
  onUnwritten: OnUnwritten,
): Promise<CheckResult> {
  const check: CheckOptions = {
    engine: engineNamed(options.engine, options.workers, io),
    words: await readWords(packageFolder()),
    countRules: options.countRules,
    ...(options.minimiseInto === null ? {} : { minimise: minimalWriter(options.minimiseInto, io) }),
  };
  if (options.journal === null) {
    const files = await countTraces(options.paths);
    const tell = progressTeller(io, SECONDS_BETWEEN_PROGRESS);
    return await checkPaths(options.paths, {
      ...check,
      needsEvents: reports.some(({ needsEvents }) => needsEvents),
      onVerdict: (judged) => {
        for (const report of reports) report.take(judged);
      },
      onProgress: (traces, events) =>
        tell(
          () =>
            `checked ${counted(traces, "trace")} of ${counted(files, "file")}, ${counted(events, "event")}`,
        ),
    });
  }
  const { countRules, engine } = options;
  const judgedBy = { version: version(), spec: specDigest(), engine, countRules };
  const resumed = await checkResumably(options.paths, {
    journal: options.journal,
    judgedBy,
    check,
    onUnwritten: onUnwritten(`the journal ${options.journal}`),
    onProgress: (done, files) =>
      io.stderr(`checked ${withCommas(done)} of ${counted(files, "file")}\n`),
  });
  for (const pictured of resumed.pictured) {
    for (const report of reports) report.remember(pictured);
  }
  return resumed.result;
}

async function countTraces(paths: readonly string[]): Promise<number> {
  let files = 0;
  for await (const found of listTraces(paths)) if (found.kind === "file") files++;
  return files;
}

/** The HTML report that is opened: one that is written anyway, or one of its own. */
function pageOf({ fileReports }: CheckArguments): string {
  return fileReports.find(({ format }) => format === "html")?.file ?? placeToOpen();
}

function reportsOf(
  options: CheckArguments,
  page: string | null,
  io: CommandIo,
  onUnwritten: OnUnwritten,
): readonly Report[] {
  const context = { version: version(), style: styleOf(io) };
  const isWritten = options.fileReports.some(({ file }) => file === page);
  const pages = page === null || isWritten ? [] : [{ format: "html" as const, file: page }];
  return [
    reportTo((text) => io.stdout(text), options.format, context),
    ...[...options.fileReports, ...pages].map((report) =>
      reportInto(report, context, onUnwritten(report.file)),
    ),
  ];
}

/** Opens the explorer where it has something to show, else the report; tells of both. */
async function show(report: string, explorer: string | null, io: CommandIo): Promise<void> {
  const isOpen = await openInBrowser(explorer ?? report, io.env);
  const places =
    explorer === null
      ? `the report is ${report}`
      : `the divergence is in ${explorer}, and the report is ${report}`;
  io.stderr(
    isOpen
      ? `${places}\n`
      : `${places}; there is no program here to open it with: open it yourself, or set BROWSER\n`,
  );
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

function exitCodeOf(
  result: CheckResult,
  { requireCoverage }: CheckArguments,
  io: CommandIo,
): ExitCode {
  const gaps = requireCoverage && result.traces > 0 ? coverageGaps(result) : [];
  for (const gap of gaps) io.stderr(`coverage: ${gap}\n`);
  if (result.invalid > 0 || gaps.length > 0) return EXIT.violated;
  return result.malformed.length > 0 || result.traces === 0 ? EXIT.badInput : EXIT.holds;
}

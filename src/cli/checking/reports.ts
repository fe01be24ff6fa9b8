/** The reports of `lockstep check`: each takes the verdicts as they come, and the result at the end. */
import { closeSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { CheckResult, Judged } from "../../../trace-check/check.ts";
import { itfText } from "../../../trace-check/exports/itf.ts";
import { shivizLines } from "../../../trace-check/exports/shiviz.ts";
import { timelineOf } from "../../../trace-check/exports/timeline.ts";
import { jsonReport, PLAIN, type Style, textReport } from "../../../trace-check/report.ts";
import { githubReport } from "../../../trace-check/report-github.ts";
import { htmlReport, type PicturedDivergence } from "../../../trace-check/report-html.ts";
import { junitReport } from "../../../trace-check/report-junit.ts";
import { sarifReport } from "../../../trace-check/report-sarif.ts";
import { makeFolder } from "../../setup/folders.ts";
import { CommandError, EXIT } from "../command.ts";
import { cannotWrite } from "../out-folder.ts";
import type { FileReport, Format } from "./arguments.ts";

/** One report in the making. */
export interface Report {
  /** Whether it is made of the events of valid traces as well. */
  readonly needsEvents: boolean;
  /** Told of every trace once it is judged. */
  take(judged: Judged): void;
  /** Told of a divergence that was found by an earlier check, with its picture. */
  remember(pictured: PicturedDivergence): void;
  finish(result: CheckResult): void;
}

/** Where a report goes, piece by piece. */
type Write = (text: string) => void;

/** What all reports may want to know. */
export interface ReportContext {
  /** Of this program. */
  readonly version: string;
  readonly style: Style;
}

/** A divergence beyond these is counted in the HTML report and not drawn. */
const MOST_PICTURES = 50;

export function reportTo(write: Write, format: Format, context: ReportContext): Report {
  switch (format) {
    case "text":
      return atTheEnd((result) => write(textReport(result, context.style)));
    case "json":
      return atTheEnd((result) => write(jsonReport(result)));
    case "junit":
      return atTheEnd((result) => write(junitReport(result)));
    case "github":
      return atTheEnd((result) => write(githubReport(result)));
    case "sarif":
      return atTheEnd((result) => write(sarifReport(result, context.version)));
    case "html":
      return htmlTo(write);
    case "shiviz":
      return shivizTo(write);
    case "itf":
      return itfTo(write);
  }
}

/**
 * A report into a file, which exists from the start: a place that cannot be written is told at once.
 *
 * @param onUnwritten told once where the file cannot be written any more: what follows is left out
 * @throws CommandError where the file cannot be made
 */
export function reportInto(
  { file, format }: FileReport,
  context: ReportContext,
  onUnwritten: (error: unknown) => void,
): Report {
  const descriptor = opened(file, format);
  let isWritten = true;
  const write = (text: string) => {
    if (!isWritten) return;
    try {
      writeFileSync(descriptor, text);
    } catch (error) {
      isWritten = false;
      onUnwritten(error);
    }
  };
  const report = reportTo(write, format, { ...context, style: PLAIN });
  return {
    needsEvents: report.needsEvents,
    take: report.take,
    remember: report.remember,
    finish: (result) => {
      report.finish(result);
      closeSync(descriptor);
    },
  };
}

function opened(file: string, format: Format): number {
  try {
    makeFolder(dirname(file));
    return openSync(file, "w");
  } catch (error) {
    throw cannotWrite(`${file} of --report ${format}`, error, "name another file");
  }
}

function atTheEnd(finish: (result: CheckResult) => void): Report {
  return { needsEvents: false, take: () => {}, remember: () => {}, finish };
}

function htmlTo(write: Write): Report {
  const pictured: PicturedDivergence[] = [];
  return {
    needsEvents: false,
    take: ({ loaded, verdict, explanation }) => {
      if (verdict.divergence === null || explanation === null) return;
      if (pictured.length >= MOST_PICTURES) return;
      const timeline = timelineOf(loaded.trace, verdict.divergence.event);
      pictured.push({ divergence: explanation, timeline });
    },
    remember: (each) => {
      if (pictured.length < MOST_PICTURES) pictured.push(each);
    },
    finish: (result) => write(htmlReport(result, pictured)),
  };
}

function shivizTo(write: Write): Report {
  return {
    needsEvents: true,
    take: ({ loaded, verdict }) => {
      for (const line of shivizLines(loaded.trace, verdict)) write(`${line}\n`);
    },
    remember: () => {},
    finish: () => {},
  };
}

/** A document in this format holds one behaviour, and no more. */
function itfTo(write: Write): Report {
  let only: Judged | null = null;
  return {
    needsEvents: true,
    take: (judged) => {
      if (only !== null) {
        throw new CommandError(
          EXIT.badInput,
          "a report in the itf format is of one trace, and there are more: " +
            `${only.loaded.trace.name} and ${judged.loaded.trace.name}. ` +
            "Name one file, or the files of one execution.",
        );
      }
      only = judged;
    },
    remember: () => {},
    finish: () => {
      if (only === null) return;
      for (const piece of itfText(only.loaded.trace, only.verdict)) write(piece);
    },
  };
}

/** The built page as text, with what it is to show in it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MalformedTrace } from "../../../trace-check/loaded.ts";
import { type NamedText, readTraceFiles } from "../../explorer/model/trace-files.ts";
import { textOfTrace } from "../../explorer/model/trace-text.ts";
import { packageFolder } from "../../setup/environment.ts";
import { cannotBeRead, codeOf } from "../../setup/system-error.ts";
import { TraceFormatError } from "../../trace/error.ts";
import { CommandError, EXIT } from "../command.ts";

const PLACE_OF_TRACE = '<script id="trace" type="application/x-ndjson">';

/** A page, and what is wrong with the traces of which it shows what comes before. */
export interface PageOfTraces {
  readonly page: string;
  readonly malformed: readonly MalformedTrace[];
}

/**
 * The page that opens on a trace, or on the files of the servers of one execution.
 *
 * @throws CommandError where nothing of them can be shown
 */
export async function readPage(traceFiles: readonly string[]): Promise<PageOfTraces> {
  const page = await emptyPage();
  if (traceFiles.length === 0) return { page, malformed: [] };
  const texts: NamedText[] = [];
  for (const name of traceFiles) texts.push({ name, text: await readText(name) });
  const { trace, malformed } = readTraceFiles(texts);
  if (typeof trace === "string") throw new CommandError(EXIT.badInput, trace);
  return { page: withTraces(page, texts), malformed };
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CommandError(EXIT.badInput, faultOf(file, error));
  });
  try {
    return textOfTrace(file, bytes);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    throw new CommandError(EXIT.badInput, error.message);
  }
}

/** The page with the texts of traces in it, whatever they are: the page says what is wrong. */
export function withTraces(page: string, texts: readonly NamedText[]): string {
  const start = page.indexOf(PLACE_OF_TRACE);
  if (start < 0) throw new RangeError("the page has no place for a trace");
  const end = start + PLACE_OF_TRACE.length;
  // In a script element only "</script" and "<!--" mean anything: JSON can spell both otherwise.
  const data = JSON.stringify(texts).replaceAll("<", "\\u003c");
  return page.slice(0, end) + data + page.slice(end);
}

/** The page as it was built, without a trace. */
export async function emptyPage(): Promise<string> {
  const file = join(packageFolder(), "dist", "src", "explorer", "page.html");
  return await readFile(file, "utf8").catch(() => {
    throw new CommandError(
      EXIT.environment,
      `${file} is not there: in a clone run npm run build, else install lockstep-raft anew`,
    );
  });
}

function faultOf(file: string, error: unknown): string {
  switch (codeOf(error)) {
    case "ENOENT":
      return `${file}: there is no such file. Check the path.`;
    case "EISDIR":
      return `${file}: it is a folder: name the trace files in it.`;
    default:
      return cannotBeRead(file, error);
  }
}

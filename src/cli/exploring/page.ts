/** The built page as text, with what it is to show in it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type NamedText, readTraceFiles, traceOf } from "../../explorer/model/trace-files.ts";
import { packageFolder } from "../../setup/environment.ts";
import { CommandError, EXIT } from "../command.ts";

const PLACE_OF_TRACE = '<script id="trace" type="application/x-ndjson">';

/** The page; with a trace, or the files of the servers of one execution, one that opens on it. */
export async function readPage(traceFiles: readonly string[]): Promise<string> {
  const page = await builtPage();
  if (traceFiles.length === 0) return page;
  const texts: NamedText[] = [];
  for (const name of traceFiles) {
    const text = await readFile(name, "utf8").catch((error: unknown) => {
      throw new CommandError(EXIT.badInput, `${name}: ${reasonOf(error)}`);
    });
    texts.push({ name, text });
  }
  // Of what comes after a malformed line the page tells.
  const trace = traceOf(readTraceFiles(texts));
  if (typeof trace === "string") throw new CommandError(EXIT.badInput, trace);
  return withTraces(page, texts);
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

async function builtPage(): Promise<string> {
  const file = join(packageFolder(), "dist", "src", "explorer", "page.html");
  return await readFile(file, "utf8").catch(() => {
    throw new CommandError(
      EXIT.environment,
      `${file} is not there: in a clone run npm run build, else install lockstep-raft anew`,
    );
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "there is no such file";
  if ("code" in error && error.code === "EISDIR")
    return "it is a folder: name the trace files in it";
  return error.message;
}

/** The built page as text, with the trace that it is to show in it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTraceText } from "../../explorer/model/trace-text.ts";
import { packageFolder } from "../../setup/environment.ts";
import { CommandError, EXIT } from "../command.ts";

const PLACE_OF_TRACE = '<script id="trace" type="application/x-ndjson">';

/** The page; with a trace file, one that opens on it. */
export async function readPage(traceFile: string | null): Promise<string> {
  const page = await builtPage();
  if (traceFile === null) return page;
  const text = await readFile(traceFile, "utf8").catch((error: unknown) => {
    throw new CommandError(EXIT.badInput, `${traceFile}: ${reasonOf(error)}`);
  });
  refuseNoTrace(traceFile, text);
  return withTrace(page, traceFile, text);
}

/** A file whose first line is no header is no trace; of what comes after, the page tells. */
function refuseNoTrace(traceFile: string, text: string): void {
  const [first = ""] = text.split("\n", 1);
  const { header, fault } = readTraceText(traceFile, `${first}\n`);
  if (header !== null) return;
  throw new CommandError(EXIT.badInput, fault?.message ?? `${traceFile} is no trace.`);
}

/** The page with the text of a trace in it, whatever the text is: the page says what is wrong. */
export function withTrace(page: string, name: string, text: string): string {
  const start = page.indexOf(PLACE_OF_TRACE);
  if (start < 0) throw new RangeError("the page has no place for a trace");
  const end = start + PLACE_OF_TRACE.length;
  // In a script element only "</script" and "<!--" mean anything: JSON can spell both otherwise.
  const data = JSON.stringify({ name, text }).replaceAll("<", "\\u003c");
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
  if ("code" in error && error.code === "EISDIR") return "it is a folder: name one trace file";
  return error.message;
}

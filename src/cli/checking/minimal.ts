/** The fewest events that still diverge, written to files. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Judged } from "../../../trace-check/check.ts";
import type { Explanation } from "../../../trace-check/explain.ts";
import { minimise } from "../../../trace-check/minimise.ts";
import { makeFolder } from "../../setup/folders.ts";
import { traceText } from "../../trace/writer.ts";
import type { CommandIo } from "../command.ts";
import { cannotWrite } from "../out-folder.ts";

/**
 * Writes what is left of each diverging trace into a folder, under the path of the trace.
 * The folder is none of those that are checked, or the next check would take these for traces too.
 * A file that cannot be written is told, and the divergence is reported without it.
 */
export function minimalWriter(
  folder: string,
  io: CommandIo,
): (judged: Judged) => Promise<Explanation["minimal"]> {
  const written = new Set<string>();
  return async ({ loaded, verdict }) => {
    if (verdict.divergence === null) return null;
    const trace = minimise(loaded.trace, verdict.divergence);
    const { replay: _, ...header } = trace.header;
    const of = `${trace.events.length} of ${loaded.trace.events.length} events of ${loaded.trace.name}`;
    const note = header.note === undefined ? of : `${of}: ${header.note}`;
    const file = join(folder, freeName(loaded.trace.name, written));
    try {
      makeFolder(folder);
      writeFileSync(file, traceText({ ...header, note }, trace.events));
    } catch (error) {
      const { message } = cannotWrite(file, error, "name another folder with --out");
      io.stderr(`lockstep check: ${message}\n`);
      return null;
    }
    return { file, events: trace.events.length };
  };
}

function freeName(trace: string, taken: Set<string>): string {
  const stem = trace
    .replace(/\.ndjson$/, "")
    .replaceAll(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "");
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}.ndjson` : `${stem}-${number}.ndjson`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

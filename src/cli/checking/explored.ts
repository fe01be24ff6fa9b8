/** For `--open`: the explorer's page on the one trace that diverges. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TraceToCheck } from "../../../trace-check/engine.ts";
import { traceText } from "../../trace/writer.ts";
import { emptyPage, withTraces } from "../exploring/page.ts";
import type { Report } from "./reports.ts";

export interface ExplorerReport extends Report {
  /**
   * Writes the page, which opens at the divergence.
   * @returns where it is; null where not exactly one trace diverged
   */
  write(): Promise<string | null>;
}

/** Keeps the first trace that diverges. */
export function explorerReport(): ExplorerReport {
  let diverging = 0;
  let trace: TraceToCheck | null = null;
  return {
    needsEvents: false,
    take: ({ loaded, verdict }) => {
      if (verdict.divergence === null) return;
      diverging++;
      trace ??= loaded.trace;
    },
    // Of what an earlier check found there is no trace any more.
    remember: () => {
      diverging += 2;
    },
    finish: () => {},
    write: async () => {
      if (diverging !== 1 || trace === null) return null;
      const file = join(mkdtempSync(join(tmpdir(), "lockstep-explore-")), "explorer.html");
      writeFileSync(
        file,
        withTraces(await emptyPage(), [{ name: trace.name, text: textOf(trace) }]),
      );
      return file;
    },
  };
}

/** The trace as one file; where it was merged, no longer that of one server. */
function textOf({ header, events }: TraceToCheck): string {
  const { format: _format, version: _version, server: _server, execution: _of, ...fields } = header;
  return traceText(fields, events);
}

/** `lockstep explore`: the page on which one sees the spec and the code take the same steps. */
import { type Stats, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { MalformedTrace } from "../../trace-check/loaded.ts";
import { makeFolder, statsOf } from "../setup/folders.ts";
import { openAddress } from "./checking/open.ts";
import { type Command, CommandError, type CommandIo, EXIT } from "./command.ts";
import { type PageOfTraces, readPage } from "./exploring/page.ts";
import { servePage } from "./exploring/serve.ts";
import { cannotWrite, refuseEmpty, refuseEmptyPaths } from "./out-folder.ts";
import { stopSignal } from "./stop-signal.ts";

const HELP = `Opens the explorer: one page on which Raft happens, its specification and its code side by
side, and the properties that hold or fall. It is served on this machine's own address, to
nobody else, until Ctrl-C or SIGTERM; or written as one file that needs no server and no network.

Usage: lockstep explore [TRACE...] [OPTIONS]

  TRACE         a trace file to walk through (*.ndjson), valid or not; several where each is of one
                server of the same execution; where a line is malformed, up to that line

Options:
  --out FILE    write the page as one file, and serve nothing
  --port N      the port to serve it on; by default a free one; not with --out
  --no-open     open no browser
  --json        where the page is, as one JSON document

Examples:
  lockstep explore
  lockstep explore spec/counterexamples/Figure8.ndjson
  lockstep explore --out explorer.html

Exit codes: 0 done, or stopped by a signal; 2 bad usage, a trace that cannot be read or not to
its end, or a place that cannot be written; 3 the port is taken, or there is no room for the file.
`;

export const exploreCommand: Command = {
  name: "explore",
  summary: "See Raft happen: the spec and the code take the same steps.",
  help: HELP,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        out: { type: "string" },
        port: { type: "string" },
        open: { type: "boolean", default: true },
        json: { type: "boolean", default: false },
      },
    });
    refuseEmpty("--out", values.out);
    refuseEmptyPaths(positionals);
    if (values.out !== undefined) refuseOverwriting(values.out, positionals);
    const port = portOf(values.port, values.out);
    const traces = await readPage(positionals);
    for (const { message } of traces.malformed) {
      io.stderr(`lockstep explore: ${message}. The page shows what comes before.\n`);
    }
    if (values.out !== undefined) writePage(traces, values.out, values.json, io);
    else await serve(traces, port, { isJson: values.json, opens: values.open }, io);
    return traces.malformed.length === 0 ? EXIT.holds : EXIT.badInput;
  },
};

function portOf(text: string | undefined, file: string | undefined): number {
  if (text === undefined) return 0;
  if (file !== undefined) {
    throw new CommandError(
      EXIT.badInput,
      "--port goes not with --out, which writes a file and serves nothing: leave one of them out.",
    );
  }
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new CommandError(EXIT.badInput, `--port ${text}: a number from 1 to 65535 is expected`);
}

function refuseOverwriting(file: string, traces: readonly string[]): void {
  const written = statsOf(file);
  const isRead = traces.map(statsOf).some((read) => isSameFile(read, written));
  if (!isRead) return;
  throw new CommandError(
    EXIT.badInput,
    `--out ${file} is the trace that the page is to show: name another file.`,
  );
}

function isSameFile(some: Stats | null, other: Stats | null): boolean {
  return some !== null && some.dev === other?.dev && some.ino === other.ino;
}

function writePage(
  { page, malformed }: PageOfTraces,
  file: string,
  isJson: boolean,
  io: CommandIo,
): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, page);
  } catch (error) {
    throw cannotWrite(`--out ${file}`, error, "name another file");
  }
  const bytes = Buffer.byteLength(page);
  io.stdout(
    isJson
      ? `${JSON.stringify({ file: resolve(file), bytes, malformed: malformed.map(toTell) })}\n`
      : `${file}: ${Math.round(bytes / 1024)} KiB; open it in a browser\n`,
  );
}

/** The fields that the report of `lockstep check` has of what is malformed. */
function toTell({ file, line, field, message }: MalformedTrace): MalformedTrace {
  return { file, line, field, message };
}

interface Serving {
  readonly isJson: boolean;
  readonly opens: boolean;
}

async function serve(
  { page, malformed }: PageOfTraces,
  port: number,
  { isJson, opens }: Serving,
  io: CommandIo,
): Promise<void> {
  const signalled = stopSignal();
  const served = await servePage(page, port);
  const document = { url: served.url, malformed: malformed.map(toTell) };
  io.stdout(isJson ? `${JSON.stringify(document)}\n` : `${served.url}\n`);
  if (!isJson) io.stderr("Ctrl-C ends it.\n");
  if (opens && io.color) await openAddress(served.url, io.env);
  await signalled;
  served.close();
}

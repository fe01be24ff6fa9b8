import { copyFile, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeScratchFolder } from "../../src/setup/scratch.ts";
import { NIL, type PreparedTrace } from "../prepare.ts";
import { preparedLines } from "./feed-file.ts";
import { literalModules } from "./feed-literals.ts";

/** How traces come to TLC: a file read by TraceData.java, or literals of TLA+. */
export type Feed = "file" | "literals";

/** What a run of TLC is to check, and how. */
export interface Run {
  readonly traces: readonly PreparedTrace[];
  readonly clusterSize: number;
  readonly specFolder: string;
  readonly feed: Feed;
  readonly wholeProperties: boolean;
  /** Operators of the spec by what takes their place, as a model forgets a rule ... */
  readonly overrides: Readonly<Record<string, string>>;
  /** ... and the definitions of those. */
  readonly definitions: readonly string[];
}

/** A folder in which TLC can run: `Check.tla` is the module, `Check.cfg` its configuration. */
export interface Workspace {
  readonly folder: string;
  /** The file of the traces, for TraceData.java; there only with the feed "file". */
  readonly tracesFile: string;
  remove(): Promise<void>;
}

const SPEC_MODULES = [
  ...["Network", "Raft", "RaftProperties", "RaftSnapshots", "RaftReads"],
  ...["TraceRaft", "TraceData"],
] as const;
const LINES_A_WRITE = 1000;

export async function createWorkspace(run: Run): Promise<Workspace> {
  const { folder, remove } = makeScratchFolder("lockstep-check-");
  const workspace: Workspace = {
    folder,
    tracesFile: join(folder, "traces.ndjson"),
    remove,
  };
  try {
    await fill(run, workspace);
    return workspace;
  } catch (error) {
    await workspace.remove();
    throw error;
  }
}

async function fill(run: Run, workspace: Workspace): Promise<void> {
  const path = (name: string) => join(workspace.folder, name);
  for (const name of SPEC_MODULES) {
    await copyFile(join(run.specFolder, `${name}.tla`), path(`${name}.tla`));
  }
  await writeFile(path("Check.tla"), checkModule(run));
  await writeFile(path("Check.cfg"), configuration(run));
  if (run.feed === "file") {
    await writeLines(workspace.tracesFile, preparedLines(run.traces));
    return;
  }
  for (const { name, text } of literalModules(run.traces)) {
    await writeFile(path(`${name}.tla`), text);
  }
}

async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const handle = await open(file, "w");
  try {
    let batch: string[] = [];
    const flush = async () => {
      await handle.write(batch.join(""));
      batch = [];
    };
    for (const line of lines) {
      batch.push(line);
      if (batch.length >= LINES_A_WRITE) await flush();
    }
    await flush();
  } finally {
    await handle.close();
  }
}

function checkModule(run: Run): string {
  return ["---- MODULE Check ----", "EXTENDS TraceRaft", ...run.definitions, "====", ""].join("\n");
}

/** Constants are literals, since TLC evaluates an operator in their place again and again. */
function configuration(run: Run): string {
  const servers = Array.from({ length: run.clusterSize }, (_, place) => `"s${place + 1}"`);
  const overrides = {
    Command: "AnyCommand",
    Send: "SendAndForget",
    NextIndexChoices: "LoggedNextIndex",
    RequestTypes: "AllRequestTypes",
    CommittedAfter: "CommittedInPlace",
    EntriesIncluded: "NoEntries",
    LogOfSnapshot: "CommittedEntries",
    AnsweredAfter: "LatestAnswer",
    ...run.overrides,
  };
  return [
    "INIT TraceInit",
    "NEXT TraceNext",
    "VIEW Place",
    "CONSTANTS",
    `  Server = {${servers.join(", ")}}`,
    `  Nil = "${NIL}"`,
    "  NoOp = 0",
    `  WholeProperties = ${run.wholeProperties ? "TRUE" : "FALSE"}`,
    ...Object.entries(overrides).map(([operator, other]) => `  ${operator} <- ${other}`),
    "",
  ].join("\n");
}

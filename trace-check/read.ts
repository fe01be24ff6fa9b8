import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { codeOf, reasonOf } from "../src/setup/system-error.ts";
import { TraceFormatError } from "../src/trace/error.ts";
import type { TraceHeader } from "../src/trace/format.ts";
import { lineOfEvent, readTrace, type Trace } from "../src/trace/reader.ts";
import type { FileCheck } from "./engine.ts";
import type { LoadedTrace, MalformedTrace } from "./loaded.ts";
import { isOfExecution, merge, nameOfExecution, notesOnMissing } from "./merge.ts";

/** What comes of reading paths, one at a time. */
export type ReadResult =
  | { readonly kind: "trace"; readonly loaded: LoadedTrace; readonly notes: readonly string[] }
  | {
      readonly kind: "checked";
      /** The file, or the execution that several are of. */
      readonly name: string;
      readonly check: ValidFile;
      readonly notes: readonly string[];
    }
  | { readonly kind: "malformed"; readonly malformed: MalformedTrace };

/** A file that was checked while it was read. */
export type ValidFile = Extract<FileCheck, { readonly kind: "valid" }>;

/** Checks files while they are read. */
export interface StreamingCheck {
  /** A file. */
  file(file: string): Promise<FileCheck>;
  /** The files of an execution. */
  execution(files: readonly string[]): Promise<FileCheck>;
}

const NO_CHECK: StreamingCheck = {
  file: async () => ({ kind: "whole" }),
  execution: async () => ({ kind: "whole" }),
};

/** So many files are asked for before the first of them is done. */
const FILES_AHEAD = 64;

/**
 * Reads the traces of files and of every `*.ndjson` below folders, in the order of their
 * names. The files of an execution come merged, after all others. What is malformed, missing
 * or empty is told, and the rest goes on.
 *
 * @param check where it is given, it is asked first, and what it found valid is not read
 */
export async function* readTraces(
  paths: readonly string[],
  streaming: StreamingCheck = NO_CHECK,
): AsyncGenerator<ReadResult> {
  const executions = new Map<string, Part[]>();
  const add = (header: TraceHeader, part: Part): void => {
    const execution = header.execution ?? "";
    executions.set(execution, [...(executions.get(execution) ?? []), part]);
  };
  for await (const { found, check } of checkedAhead(listTraces(paths), streaming)) {
    if (found.kind === "malformed") {
      yield found;
      continue;
    }
    if (check.kind === "valid") {
      yield { kind: "checked", name: found.file, check, notes: [] };
      continue;
    }
    if (check.kind === "part") {
      add(check.header, { file: found.file, header: check.header, trace: null });
      continue;
    }
    if (check.kind === "malformed") {
      yield check;
      continue;
    }
    const result = await readFile(found.file);
    if (result.kind === "malformed") {
      yield result;
    } else if (isOfExecution(result.trace.header)) {
      const { trace } = result;
      add(trace.header, { file: found.file, header: trace.header, trace });
    } else {
      yield { kind: "trace", loaded: standingAlone(result.trace), notes: [] };
    }
  }
  for (const [execution, parts] of executions) yield* readExecution(execution, parts, streaming);
}

/** A file of an execution; its trace where it was read already. */
interface Part {
  readonly file: string;
  readonly header: TraceHeader;
  readonly trace: Trace | null;
}

async function* readExecution(
  execution: string,
  parts: readonly Part[],
  streaming: StreamingCheck,
): AsyncGenerator<ReadResult> {
  const isUnread = parts.every(({ trace }) => trace === null);
  const check = isUnread ? await streaming.execution(parts.map(({ file }) => file)) : null;
  if (check?.kind === "valid") {
    const notes = notesOnMissing(
      execution,
      parts.map(({ header }) => header),
    );
    yield { kind: "checked", name: nameOfExecution(execution), check, notes };
    return;
  }
  const traces: Trace[] = [];
  for (const { file, trace } of parts) {
    const result = trace === null ? await readFile(file) : ({ kind: "file", trace } as const);
    if (result.kind === "malformed") yield result;
    else traces.push(result.trace);
  }
  if (traces.length === 0) return;
  const merged = merge(execution, traces);
  if (merged.kind === "malformed") yield merged;
  else yield { kind: "trace", loaded: merged.loaded, notes: merged.notes };
}

interface Asked {
  readonly found: Listed;
  readonly check: FileCheck;
}

/** What was listed and what came of checking it, in order; several are asked for at once. */
async function* checkedAhead(
  listed: AsyncIterable<Listed>,
  streaming: StreamingCheck,
): AsyncGenerator<Asked> {
  const waiting: Promise<Asked>[] = [];
  const take = async () => await (waiting.shift() as Promise<Asked>);
  for await (const found of listed) {
    const check: Promise<FileCheck> =
      found.kind === "file" ? streaming.file(found.file) : Promise.resolve({ kind: "whole" });
    const asked = check.then((done) => ({ found, check: done }));
    // It is awaited in its turn; until then its failure is nobody's.
    asked.catch(() => {});
    waiting.push(asked);
    if (waiting.length >= FILES_AHEAD) yield await take();
  }
  while (waiting.length > 0) yield await take();
}

/** A file to read, or a path that leads to none. */
export type Listed =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "malformed"; readonly malformed: MalformedTrace };

/** The files that paths lead to, each once: themselves, or every `*.ndjson` below a folder. */
export async function* listTraces(paths: readonly string[]): AsyncGenerator<Listed> {
  const seen = new Set<string>();
  for (const path of paths) {
    const { files, faults } = await filesBelow(path);
    for (const malformed of faults) yield { kind: "malformed", malformed };
    for (const file of files) {
      if (seen.has(resolve(file))) continue;
      seen.add(resolve(file));
      yield { kind: "file", file };
    }
  }
}

type FileResult =
  | { readonly kind: "file"; readonly trace: Trace }
  | { readonly kind: "malformed"; readonly malformed: MalformedTrace };

async function readFile(file: string): Promise<FileResult> {
  try {
    const trace = await readTrace(file);
    const isWhole = !isOfExecution(trace.header);
    if (trace.events.length > 0 || !isWhole) return { kind: "file", trace };
    return malformed(file, 0, "", `${file}: it has a header and no events. Record some.`);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return malformed(file, error.line, error.field, error.message);
  }
}

function malformed(file: string, line: number, field: string, message: string) {
  return { kind: "malformed", malformed: { file, line, field, message } } as const;
}

function standingAlone(trace: Trace): LoadedTrace {
  return {
    trace: { name: trace.file, header: trace.header, events: trace.events },
    placeOf: (event) => ({ file: trace.file, line: lineOfEvent(event) }),
  };
}

/** The path itself where it is a file; the traces below it, by name, where it is a folder. */
async function filesBelow(path: string): Promise<Below> {
  const found: Below = { files: [], faults: [] };
  try {
    if (!(await stat(path)).isDirectory()) return { files: [path], faults: [] };
    await collect(path, found);
  } catch (error) {
    if (codeOf(error) === "") throw error;
    const isMissing = codeOf(error) === "ENOENT";
    return withFault(
      found,
      path,
      isMissing ? "there is no such file or folder. Check the path" : unreadable(error),
    );
  }
  if (found.files.length > 0 || found.faults.length > 0) return found;
  return withFault(found, path, "no trace (*.ndjson) is below this folder. Name one that has some");
}

/** What was found at a path: the files, and what is wrong there. */
interface Below {
  readonly files: string[];
  readonly faults: MalformedTrace[];
}

function withFault({ files, faults }: Below, path: string, message: string): Below {
  return { files, faults: [...faults, pathFault(path, message)] };
}

function unreadable(error: unknown): string {
  return `it cannot be read (${reasonOf(error)}). Check its permissions`;
}

function pathFault(path: string, message: string): MalformedTrace {
  return { file: path, line: 0, field: "", message: `${path}: ${message}.` };
}

/** A folder that cannot be read is told, as a file is, and the rest goes on. */
async function collect(folder: string, found: Below): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    found.faults.push(pathFault(folder, unreadable(error)));
    return [];
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, found);
    else if (entry.name.endsWith(".ndjson")) found.files.push(path);
  }
}

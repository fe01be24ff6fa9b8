/** A check in parts, each of which is remembered: interrupted, it goes on where it was. */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type CheckOptions, type CheckResult, checkPaths } from "../../../trace-check/check.ts";
import { timelineOf } from "../../../trace-check/exports/timeline.ts";
import type { MalformedTrace } from "../../../trace-check/loaded.ts";
import { listTraces } from "../../../trace-check/read.ts";
import type { PicturedDivergence } from "../../../trace-check/report-html.ts";
import { packageFolder } from "../../setup/environment.ts";
import { ACTIONS } from "../../trace/format.ts";
import { addPart, digestOf, type JudgedBy, openJournal, type Part } from "./journal.ts";

/** Of one part, whichever is reached first: what an interruption may cost. */
const MOST_FILES = 200;
const MOST_BYTES = 64 * 1024 * 1024;

export interface ResumableOptions {
  readonly journal: string;
  readonly judgedBy: JudgedBy;
  readonly check: CheckOptions;
  /** Told once where the journal cannot be written any more: the check goes on without it. */
  readonly onUnwritten?: (error: unknown) => void;
  /** Told of the files that are done, of so many. */
  readonly onProgress?: (done: number, files: number) => void;
}

export interface ResumedResult {
  readonly result: CheckResult;
  readonly pictured: readonly PicturedDivergence[];
  /** How many files were judged before. */
  readonly remembered: number;
}

/** @throws CommandError for a journal that is none; EngineError where the engine cannot */
export async function checkResumably(
  paths: readonly string[],
  options: ResumableOptions,
): Promise<ResumedResult> {
  const known = openJournal(options.journal, options.judgedBy);
  const { files, malformed } = await filesOf(paths);
  const digests = new Map<string, string>();
  for (const file of files) digests.set(file, (await digestOf(file)) ?? "unreadable");
  const units = await unitsOf(files);
  const done = withoutRepeats(
    known.filter((part) => stillHolds(part, digests) && isWhole(part, units)),
  );
  const isDone = new Set(done.flatMap((part) => Object.keys(part.files)));
  options.onProgress?.(isDone.size, files.length);
  const parts = [...done];
  let judged = isDone.size;
  let isRemembering = true;
  for (const group of groupsOf(units.filter((unit) => !unit.some((file) => isDone.has(file))))) {
    const part = await checkPart(group, digests, options.check);
    try {
      if (isRemembering) addPart(options.journal, part);
    } catch (error) {
      isRemembering = false;
      options.onUnwritten?.(error);
    }
    parts.push(part);
    judged += group.length;
    options.onProgress?.(judged, files.length);
  }
  const place = new Map(files.map((file, number) => [file, number]));
  return {
    result: added(parts, malformed, options.judgedBy, place),
    pictured: inOrder(
      parts.flatMap(({ pictured }) => pictured),
      ({ divergence }) => place.get(divergence.file),
    ),
    remembered: isDone.size,
  };
}

/** The SHA-256 of the modules of the spec. */
export function specDigest(): string {
  const folder = join(packageFolder(), "spec");
  const hash = createHash("sha256");
  const modules = readdirSync(folder).filter((name) => name.endsWith(".tla"));
  for (const name of modules.sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

async function filesOf(paths: readonly string[]) {
  const files: string[] = [];
  const malformed: MalformedTrace[] = [];
  for await (const found of listTraces(paths)) {
    if (found.kind === "file") files.push(found.file);
    else malformed.push(found.malformed);
  }
  return { files, malformed };
}

function stillHolds({ files }: Part, digests: ReadonlyMap<string, string>): boolean {
  return Object.entries(files).every(([file, digest]) => digests.get(file) === digest);
}

/** Whether no file has come to an execution since the part was judged, of which it then had a share. */
function isWhole({ files }: Part, units: readonly (readonly string[])[]): boolean {
  return units.every((unit) => {
    const known = unit.filter((file) => Object.hasOwn(files, file));
    return known.length === 0 || known.length === unit.length;
  });
}

/** Two checks at once into one journal leave parts that have files in common: the first counts. */
function withoutRepeats(parts: readonly Part[]): readonly Part[] {
  const seen = new Set<string>();
  return parts.filter(({ files }) => {
    const names = Object.keys(files);
    const isNew = names.every((name) => !seen.has(name));
    if (isNew) for (const name of names) seen.add(name);
    return isNew;
  });
}

/** What is judged together, in the order of the files: those of one execution, or one alone. */
async function unitsOf(files: readonly string[]): Promise<readonly (readonly string[])[]> {
  const units = new Map<string, string[]>();
  for (const file of files) {
    const execution = await executionOf(file);
    const key = execution === null ? `file ${file}` : `execution ${execution}`;
    units.set(key, [...(units.get(key) ?? []), file]);
  }
  return [...units.values()];
}

/** Parts in the order of the units, none of which is divided. */
function groupsOf(units: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let bytes = 0;
  for (const unit of units) {
    const size = unit.reduce((sum, file) => sum + sizeOf(file), 0);
    const last = groups.at(-1);
    const isFull =
      last === undefined || last.length + unit.length > MOST_FILES || bytes + size > MOST_BYTES;
    if (isFull) groups.push([...unit]);
    else last.push(...unit);
    bytes = isFull ? size : bytes + size;
  }
  return groups;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The execution that a file's header names; null where it names none, or is none. */
async function executionOf(file: string): Promise<string | null> {
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input })) {
      const execution: unknown = Reflect.get(Object(JSON.parse(line)), "execution");
      return typeof execution === "string" ? execution : null;
    }
  } catch {
    // What is wrong with the file is told when it is read as a trace.
  } finally {
    input.destroy();
  }
  return null;
}

async function checkPart(
  files: readonly string[],
  digests: ReadonlyMap<string, string>,
  check: CheckOptions,
): Promise<Part> {
  const pictured: PicturedDivergence[] = [];
  const result = await checkPaths(files, {
    ...check,
    onVerdict: (judged) => {
      check.onVerdict?.(judged);
      const { loaded, verdict, explanation } = judged;
      if (verdict.divergence === null || explanation === null) return;
      const timeline = timelineOf(loaded.trace, verdict.divergence.event);
      pictured.push({ divergence: explanation, timeline });
    },
  });
  return {
    files: Object.fromEntries(files.map((file) => [file, digests.get(file) ?? ""])),
    result,
    pictured,
  };
}

/** The parts as one result, in the order of the files. */
function added(
  parts: readonly Part[],
  malformed: readonly MalformedTrace[],
  { engine, countRules }: JudgedBy,
  place: ReadonlyMap<string, number>,
): CheckResult {
  const results = parts.map(({ result }) => result);
  const sum = (of: (result: CheckResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const seconds = sum(({ events, eventsPerSecond }) =>
    eventsPerSecond === 0 ? 0 : events / eventsPerSecond,
  );
  const coverage = Object.fromEntries(
    ACTIONS.map((action) => [action, sum((result) => result.coverage[action])]),
  ) as CheckResult["coverage"];
  const rules = new Map<string, { granted: number; refused: number }>();
  for (const result of results) {
    for (const [rule, { granted, refused }] of Object.entries(result.rules ?? {})) {
      const known = rules.get(rule) ?? { granted: 0, refused: 0 };
      rules.set(rule, { granted: known.granted + granted, refused: known.refused + refused });
    }
  }
  return {
    engine: results[0]?.engine ?? engine,
    traces: sum(({ traces }) => traces),
    events: sum(({ events }) => events),
    valid: sum(({ valid }) => valid),
    invalid: sum(({ invalid }) => invalid),
    coverage,
    rules: countRules ? Object.fromEntries(rules) : null,
    eventsPerSecond: seconds === 0 ? 0 : Math.round(sum(({ events }) => events) / seconds),
    divergences: inOrder(
      results.flatMap(({ divergences }) => divergences),
      ({ file }) => place.get(file),
    ),
    malformed: inOrder(
      [...malformed, ...results.flatMap((result) => result.malformed)],
      ({ file }) => place.get(file),
    ),
    notes: results.flatMap(({ notes }) => notes),
  };
}

function inOrder<T>(items: readonly T[], place: (item: T) => number | undefined): readonly T[] {
  return [...items].sort((a, b) => (place(a) ?? -1) - (place(b) ?? -1));
}

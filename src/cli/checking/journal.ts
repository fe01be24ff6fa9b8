/**
 * The journal of a check that can be resumed: what came of each part of the traces, a line a part,
 * written as soon as it is known. A part counts as done while all its files have the bytes that they
 * had, and no other file belongs to an execution of its.
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  createReadStream,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { CheckResult } from "../../../trace-check/check.ts";
import type { PicturedDivergence } from "../../../trace-check/report-html.ts";
import { makeFolder } from "../../setup/folders.ts";
import { reasonOf } from "../../setup/system-error.ts";
import { CommandError, EXIT } from "../command.ts";
import { cannotWrite } from "../out-folder.ts";

const JOURNAL_VERSION = 1;

/** What all parts of a journal have in common: results of another judge do not count. */
export interface JudgedBy {
  /** Of lockstep. */
  readonly version: string;
  /** The SHA-256 of the spec's modules. */
  readonly spec: string;
  readonly engine: string;
  readonly countRules: boolean;
}

/** Some files, judged together, and what came of it. */
export interface Part {
  /** Each file with the SHA-256 of its bytes. */
  readonly files: Readonly<Record<string, string>>;
  readonly result: CheckResult;
  readonly pictured: readonly PicturedDivergence[];
}

/** Reads the journal, or begins it where there is none. @throws CommandError where it is no journal of this judge */
export function openJournal(file: string, judgedBy: JudgedBy): readonly Part[] {
  const header = { journal: JOURNAL_VERSION, ...judgedBy };
  if (!existsSync(file)) {
    begin(file, header);
    return [];
  }
  const text = textOf(file);
  const lines = text.split("\n").slice(0, -1);
  const [first, ...parts] = lines.map((line, place) => parsed(file, place + 1, line));
  if (first === undefined) {
    begin(file, header);
    return [];
  }
  if (JSON.stringify(first) !== JSON.stringify(header)) {
    throw new CommandError(
      EXIT.badInput,
      `${file} holds results of another kind (${JSON.stringify(first)} and not ${JSON.stringify(header)}): ` +
        "remove it, or name another file with --resume.",
    );
  }
  // What follows the last newline was being written when the check was interrupted.
  if (!text.endsWith("\n")) write(file, lines.map((line) => `${line}\n`).join(""));
  return parts.map((part, place) => asPart(file, place + 2, part));
}

/** @throws the system's error where the journal cannot be written any more */
export function addPart(file: string, part: Part): void {
  appendFileSync(file, `${JSON.stringify(part)}\n`);
}

/** The SHA-256 of a file's bytes; null where it cannot be read. */
export async function digestOf(file: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk);
  } catch {
    return null;
  }
  return hash.digest("hex");
}

function textOf(file: string): string {
  try {
    // A device may have no end.
    if (!statSync(file).isFile()) throw new Error("it is no file");
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(
      EXIT.badInput,
      `the journal ${file} cannot be read (${reasonOf(error)}): name another file with --resume.`,
    );
  }
}

function begin(file: string, header: unknown): void {
  write(file, `${JSON.stringify(header)}\n`);
}

function write(file: string, text: string): void {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, text);
  } catch (error) {
    throw cannotWrite(`the journal ${file}`, error, "name another file with --resume");
  }
}

function parsed(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noJournal(file, line);
  }
}

function asPart(file: string, line: number, value: unknown): Part {
  const isPart =
    typeof value === "object" &&
    value !== null &&
    "files" in value &&
    "result" in value &&
    "pictured" in value;
  if (!isPart) throw noJournal(file, line);
  // It is this program's own: the header says that the same version wrote it.
  return value as Part;
}

function noJournal(file: string, line: number): CommandError {
  return new CommandError(
    EXIT.badInput,
    `${file}:${line}: this is no journal of lockstep check: name another file with --resume, or remove it.`,
  );
}

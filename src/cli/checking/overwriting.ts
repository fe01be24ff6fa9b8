/** What `lockstep check` writes must not take the place of what it reads. */
import type { Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { listTraces } from "../../../trace-check/read.ts";
import { statsOf } from "../../setup/folders.ts";
import { CommandError, EXIT } from "../command.ts";
import type { CheckArguments } from "./arguments.ts";

/**
 * Looks whether a report or a minimal trace would overwrite a trace, or another report.
 *
 * @throws CommandError where one would, before anything is written
 */
export async function refuseOverwriting(
  options: Pick<CheckArguments, "paths" | "fileReports" | "minimiseInto">,
): Promise<void> {
  const { paths, fileReports, minimiseInto } = options;
  const named = new Set<string>();
  for (const { file } of fileReports) {
    if (named.has(resolve(file))) {
      throw new CommandError(EXIT.badInput, `--report names ${file} twice: name another file.`);
    }
    named.add(resolve(file));
  }
  const reports = fileReports.flatMap(({ file }) => found(file));
  const folders = minimiseInto === null ? [] : found(minimiseInto);
  if (reports.length === 0 && folders.length === 0) return;
  for await (const trace of listTraces(paths)) {
    if (trace.kind !== "file") continue;
    const { file } = trace;
    if (isAmong(reports, file)) {
      throw new CommandError(
        EXIT.badInput,
        `--report ${file} is a trace that is checked: name another file.`,
      );
    }
    if (isAmong(folders, dirname(file))) {
      throw new CommandError(
        EXIT.badInput,
        `--out ${minimiseInto} is the folder of ${file}, which is checked and would be overwritten: name another.`,
      );
    }
  }
}

/** A file or a folder that is there; by whatever path it is named, it is the same. */
function found(path: string): readonly Stats[] {
  const stats = statsOf(path);
  return stats === null || !(stats.isFile() || stats.isDirectory()) ? [] : [stats];
}

function isAmong(some: readonly Stats[], path: string): boolean {
  return found(path).some(({ dev, ino }) =>
    some.some((other) => other.dev === dev && other.ino === ino),
  );
}

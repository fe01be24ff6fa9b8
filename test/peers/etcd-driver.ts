import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "etcd-raft");
const MODULE = "go.etcd.io/raft/v3";

/** What the driver prints of the executions it made. */
export interface Driven {
  readonly executions: number;
  readonly events: number;
  readonly commands: number;
  readonly actions: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly planted: number;
}

/** A text of one of raft's files, and what takes its place. */
export interface Patch {
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** Why the driver cannot be built here, for a test to say; null where it can. */
export async function whyNoDriver(): Promise<string | null> {
  try {
    await execute("go", ["version"]);
  } catch {
    return "Go is not installed";
  }
  try {
    await execute("go", ["mod", "download"], { cwd: SOURCE });
    return null;
  } catch (error) {
    return `${MODULE} cannot be fetched: ${messageOf(error)}`;
  }
}

/** Builds the driver into a folder and gives the program. */
export async function buildDriver(folder: string, source = SOURCE): Promise<string> {
  const program = join(folder, process.platform === "win32" ? "driver.exe" : "driver");
  await execute("go", ["build", "-o", program, "."], { cwd: source });
  return program;
}

/** Builds the driver on a copy of raft with a patch in it. */
export async function buildPatchedDriver(folder: string, patch: Patch): Promise<string> {
  const { stdout } = await execute("go", ["list", "-m", "-f", "{{.Dir}}", MODULE], {
    cwd: SOURCE,
  });
  const raft = join(folder, "raft");
  await copySource(stdout.trim(), raft);
  const file = join(raft, patch.file);
  const original = await readFile(file, "utf8");
  if (original.split(patch.text).length !== 2) {
    throw new Error(`${patch.file} of ${MODULE} does not have "${patch.text}" once`);
  }
  await writeFile(
    file,
    original.replace(patch.text, () => patch.replacement),
  );
  const driver = join(folder, "driver-source");
  await cp(SOURCE, driver, { recursive: true });
  await execute("go", ["mod", "edit", "-replace", `${MODULE}=../raft`], { cwd: driver });
  return buildDriver(folder, driver);
}

/** Copies what Go builds, as files that may be written: those of the module cache may not. */
async function copySource(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const isSource = /\.go$|^go\.(mod|sum)$/.test(entry.name) && !entry.name.endsWith("_test.go");
    if (!entry.isFile() || !isSource) continue;
    const path = join(entry.parentPath, entry.name);
    const copy = join(to, path.slice(from.length));
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, await readFile(path));
  }
}

/** Makes executions, one trace each, in a folder. Failures of raft are told, not thrown. */
export async function drive(
  program: string,
  out: string,
  flags: readonly string[],
): Promise<Driven> {
  const args = ["-out", out, ...flags];
  try {
    return parse((await execute(program, args)).stdout);
  } catch (error) {
    const stdout = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    if (stdout === "") throw error;
    return parse(stdout);
  }
}

function parse(stdout: string): Driven {
  const driven: Driven = JSON.parse(stdout);
  return driven;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

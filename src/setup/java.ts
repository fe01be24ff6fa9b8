/** Finds Java, which TLC runs on, and javac, which the checker's Java module needs. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Environment, findProgram, isExecutable, nonEmpty } from "./environment.ts";
import { EnvironmentError } from "./environment-error.ts";

const run = promisify(execFile);

/** The oldest Java that TLC 2.18 runs on. */
export const OLDEST_JAVA = 11;

export interface Java {
  /** The path of `java`. */
  readonly java: string;
  /** The path of `javac`, where there is one: a JRE has none. */
  readonly javac: string | undefined;
  /** As `java -version` words it: "17.0.15". */
  readonly version: string;
  /** 17 of "17.0.15", 8 of "1.8.0_392". */
  readonly major: number;
}

/**
 * The Java of JAVA_HOME, else of the PATH.
 * @throws EnvironmentError where there is none, or it is too old.
 */
export async function locateJava(env: Environment = process.env): Promise<Java> {
  const java = findTool("java", env);
  if (java === undefined) throw new EnvironmentError(`No Java was found. ${HOW_TO_GET_JAVA}`);
  const version = await versionOf(java, env);
  if (version === undefined) {
    throw new EnvironmentError(`${java} does not run. ${HOW_TO_GET_JAVA}`);
  }
  const major = majorOf(version);
  if (major < OLDEST_JAVA) {
    throw new EnvironmentError(
      `${java} is Java ${version}, and TLC needs ${OLDEST_JAVA} or newer. ${HOW_TO_GET_JAVA}`,
    );
  }
  return { java, javac: findTool("javac", env), version, major };
}

const HOW_TO_GET_JAVA =
  "TLC needs Java 11 or newer (17 is what we test with): install a JDK (Debian and Ubuntu: " +
  "apt-get install openjdk-17-jdk-headless; macOS: brew install openjdk@17; Windows: winget " +
  "install EclipseAdoptium.Temurin.17.JDK), or set JAVA_HOME to one.";

function findTool(name: "java" | "javac", env: Environment): string | undefined {
  const home = nonEmpty(env.JAVA_HOME);
  if (home !== undefined) {
    const file = join(home, "bin", process.platform === "win32" ? `${name}.exe` : name);
    if (isExecutable(file)) return file;
  }
  return findProgram(name, env);
}

async function versionOf(java: string, env: Environment): Promise<string | undefined> {
  try {
    const { stderr, stdout } = await run(java, ["-version"], { env: { ...env }, timeout: 20_000 });
    return /version "([^"]+)"/.exec(stderr + stdout)?.[1];
  } catch {
    return undefined;
  }
}

/** 17 of "17.0.15", 8 of "1.8.0_392", 25 of "25-ea". */
export function majorOf(version: string): number {
  const [first = "0", second = "0"] = version.split(/[._\-+]/);
  return Number.parseInt(first === "1" ? second : first, 10);
}

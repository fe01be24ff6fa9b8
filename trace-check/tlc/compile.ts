import { createHash } from "node:crypto";
import { access, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeCacheFolder } from "../../src/setup/cache.ts";
import { EngineError } from "../engine.ts";
import { runProgram } from "./process.ts";

/** What compiles TraceData.java, and where the result is kept. */
export interface Compilation {
  readonly javac: string;
  readonly javaVersion: string;
  readonly jar: string;
  readonly source: string;
  readonly cacheFolder: string;
}

const COMPILE_MILLISECONDS = 60_000;

/**
 * The folder of the compiled TraceData, compiled unless that has been done before for the
 * same source and Java. Several processes may do so at once.
 *
 * @throws EngineError where it does not compile, EnvironmentError where it cannot be kept
 */
export async function compileTraceData(compilation: Compilation): Promise<string> {
  const source = await readFile(compilation.source);
  const key = createHash("sha256").update(source).update(compilation.javaVersion).digest("hex");
  const folder = join(compilation.cacheFolder, `trace-data-${key.slice(0, 16)}`);
  if (await exists(join(folder, "TraceData.class"))) return folder;
  makeCacheFolder(compilation.cacheFolder);
  const unfinished = await mkdtemp(join(compilation.cacheFolder, "compiling-"));
  try {
    await compile(compilation, unfinished);
    await rename(unfinished, folder).catch(async (error: unknown) => {
      const otherWasFirst = await exists(join(folder, "TraceData.class"));
      if (!otherWasFirst) throw error;
    });
    return folder;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function compile(compilation: Compilation, folder: string): Promise<void> {
  const { javac, jar, source } = compilation;
  const said: string[] = [];
  const code = await runProgram({
    program: javac,
    args: ["-nowarn", "-cp", jar, "-d", folder, source],
    cwd: folder,
    timeoutMilliseconds: COMPILE_MILLISECONDS,
    line: (line) => said.push(line),
  });
  if (code !== 0) {
    throw new EngineError(`${source} does not compile: ${said.slice(0, 3).join(" ")}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

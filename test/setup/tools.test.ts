import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256Of } from "../../src/setup/download.ts";
import { cacheFolder, findProgram, packageFolder } from "../../src/setup/environment.ts";
import { EnvironmentError } from "../../src/setup/environment-error.ts";
import { majorOf } from "../../src/setup/java.ts";
import { findTlc, locateJava, locateTlc, TLC } from "../../src/setup/tlc.ts";
import { answerWith, serve } from "./file-server.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-setup-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program of the PATH that does what the shell lines say. */
function plant(name: string, lines: string): void {
  const file = join(folder, "bin", name);
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
}

/** A machine with nothing of its own: no cache, no Maven repository, and the planted programs. */
function bareMachine(more: Record<string, string> = {}) {
  return {
    HOME: folder,
    LOCKSTEP_CACHE: join(folder, "cache"),
    PATH: join(folder, "bin"),
    ...more,
  };
}

describe("Java", () => {
  test("is found on this machine, with its version", async () => {
    const java = await locateJava();
    expect(java.major).toBeGreaterThanOrEqual(11);
    expect(java.version.startsWith(String(java.major))).toBe(true);
  });

  test("that is missing is told with how to get it", async () => {
    const error = await locateJava(bareMachine()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(String(error)).toMatch(/No Java was found.*openjdk-17.*JAVA_HOME/s);
  });

  test("that is too old is told by its version", async () => {
    plant("java", `echo 'openjdk version "1.8.0_392"' >&2`);
    await expect(locateJava(bareMachine())).rejects.toThrow(/Java 1\.8\.0_392, and TLC needs 11/);
  });

  test("that does not run, as the stub of macOS, counts as missing", async () => {
    plant("java", "exit 1");
    await expect(locateJava(bareMachine())).rejects.toThrow(/does not run/);
  });

  test("of JAVA_HOME goes before that of the PATH; a JRE has no javac", async () => {
    plant("java", `echo 'openjdk version "21.0.2"' >&2`);
    const env = bareMachine({ JAVA_HOME: folder, PATH: "" });
    const java = await locateJava(env);
    expect(java).toMatchObject({ java: join(folder, "bin", "java"), javac: undefined, major: 21 });
  });

  test.each([
    ["17.0.15", 17],
    ["1.8.0_392", 8],
    ["25-ea", 25],
    ["11", 11],
  ])("version %s is Java %i", (version, major) => {
    expect(majorOf(version)).toBe(major);
  });
});

describe("TLC", () => {
  test("of TLA2TOOLS_JAR is taken as it is", async () => {
    const jar = join(folder, "mine.jar");
    writeFileSync(jar, "");
    const found = await findTlc(bareMachine({ TLA2TOOLS_JAR: jar }));
    expect(found).toEqual({ jar, from: "TLA2TOOLS_JAR" });
  });

  test("of a TLA2TOOLS_JAR that is not there is an error, and nothing is fetched instead", async () => {
    const env = bareMachine({ TLA2TOOLS_JAR: join(folder, "no.jar") });
    await expect(locateTlc({ env })).rejects.toThrow(/TLA2TOOLS_JAR names .*no\.jar/);
  });

  test("is fetched into the cache folder, verified, and then found there", async () => {
    const jar = readFileSync(await locateTlc());
    const server = await serve((request, response) => answerWith(jar, request, response));
    const env = bareMachine({ LOCKSTEP_MAVEN_REPOSITORY: server.url });
    const lines: string[] = [];
    try {
      const fetched = await locateTlc({ env, onProgress: (line) => lines.push(line) });
      expect(fetched).toBe(join(folder, "cache", TLC.fileName));
      expect(await sha256Of(fetched)).toBe(TLC.sha256);
      expect(lines.join("\n")).toMatch(/fetching TLC 2\.18.*100 %/s);
      expect(await findTlc(env)).toEqual({ jar: fetched, from: "cache" });
    } finally {
      await server.close();
    }
  });

  test("in the cache that was damaged is fetched again", async () => {
    const jar = readFileSync(await locateTlc());
    const server = await serve((request, response) => answerWith(jar, request, response));
    const env = bareMachine({ LOCKSTEP_MAVEN_REPOSITORY: server.url });
    mkdirSync(join(folder, "cache"));
    writeFileSync(join(folder, "cache", TLC.fileName), jar.subarray(0, 1000));
    try {
      expect(await sha256Of(await locateTlc({ env }))).toBe(TLC.sha256);
    } finally {
      await server.close();
    }
  });

  test("that cannot be had says what was tried, and what to do", async () => {
    const server = await serve((_, response) => response.writeHead(404).end());
    const env = bareMachine({ LOCKSTEP_MAVEN_REPOSITORY: server.url });
    const error = await locateTlc({ env }).catch((thrown: unknown) => thrown);
    await server.close();
    expect(error).toBeInstanceOf(EnvironmentError);
    const words = [/404/, /curl is not on the PATH/, /mvn is not on the PATH/, /HTTPS_PROXY/];
    for (const word of [...words, /TLA2TOOLS_JAR/]) expect(String(error)).toMatch(word);
  });

  test("comes by curl or mvn where Node's own way fails", async () => {
    const source = await locateTlc();
    const server = await serve((_, response) => response.writeHead(404).end());
    const env = bareMachine({ LOCKSTEP_MAVEN_REPOSITORY: server.url });
    plant("curl", `while [ "$1" != --output ]; do shift; done; /bin/cp '${source}' "$2"`);
    try {
      expect(await sha256Of(await locateTlc({ env }))).toBe(TLC.sha256);
      rmSync(join(folder, "cache"), { recursive: true });
      plant("curl", "echo no route >&2; exit 7");
      await expect(locateTlc({ env })).rejects.toThrow(/no route/);
      plant("mvn", `for last; do :; done; /bin/cp '${source}' "\${last#*=}/${TLC.fileName}"`);
      expect(await sha256Of(await locateTlc({ env }))).toBe(TLC.sha256);
    } finally {
      await server.close();
    }
  });
});

describe("this machine", () => {
  test("the cache folder is LOCKSTEP_CACHE, else XDG's", () => {
    expect(cacheFolder({ LOCKSTEP_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
    expect(cacheFolder({ LOCKSTEP_CACHE: "", XDG_CACHE_HOME: "/b" })).toBe(join("/b", "lockstep"));
    expect(cacheFolder({ HOME: "/home/me" })).toContain("/home/me");
  });

  test("a program is the first of the PATH that may be run", () => {
    plant("tool", "true");
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "tool"), "not to be run");
    const env = { PATH: [other, "", join(folder, "bin")].join(delimiter) };
    expect(findProgram("tool", env)).toBe(join(folder, "bin", "tool"));
    expect(findProgram("no-such-tool", env)).toBeUndefined();
  });

  test("the package's folder is the one with the spec", () => {
    expect(readFileSync(join(packageFolder(), "spec", "Raft.tla"), "utf8")).toMatch(/MODULE Raft/);
  });
});

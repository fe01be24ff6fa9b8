import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileLinks, readDocument } from "../docs/documents.ts";
import { type ProgramResult, ROOT, runProgram } from "./program.ts";

let folder: string;
let elsewhere: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-package-"));
  elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(
    join(elsewhere, "package.json"),
    '{ "name": "elsewhere", "private": true, "type": "module" }\n',
  );
  // Without scripts: what `npm test` has built is what gets packed.
  await npm(["pack", "--ignore-scripts", "--pack-destination", folder], ROOT);
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball)]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function npm(args: readonly string[], cwd = elsewhere): Promise<void> {
  const { exitCode, stderr } = await runProgram("npm", args, { cwd });
  expect(exitCode, stderr).toBe(0);
}

/** Has TypeScript compile a program that uses the package, with no types but its own. */
function compile(file: string, ...more: string[]): Promise<ProgramResult> {
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const flags = ["--module", "nodenext", "--target", "es2023", "--strict", "--types", ""];
  return runProgram(process.execPath, [tsc, ...flags, ...more, file], { cwd: elsewhere });
}

/** The files of a folder and of those below it, relative to it. */
function filesBelow(path: string): readonly string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(path, join(parentPath, name)));
}

function npx(...args: string[]): Promise<ProgramResult> {
  return runProgram("npx", ["--no", "--", "lockstep", ...args], { cwd: elsewhere });
}

describe("what the packages of a clone need", () => {
  test("is no script of theirs: npm warns of each that is neither allowed nor refused", () => {
    const { allowScripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
    const packages = Object.entries<{ readonly hasInstallScript?: boolean }>(lock.packages);
    const withScript = packages.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = withScript.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + 13));
    expect(allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  });
});

describe("the package, installed elsewhere", () => {
  test("does what README.md says of it first, without Java", async () => {
    const [, command = ""] =
      /^npm install lockstep-raft\nnpx lockstep (.+)$/m.exec(readDocument("README.md")) ?? [];
    const { exitCode, stdout } = await npx(...command.split(" "));
    expect(stdout).toMatch(/^all holds: 6 traces, .* by compiled$/m);
    expect(exitCode).toBe(0);
  });

  test("checks a model with TLC", async () => {
    const { exitCode, stdout } = await npx("model", "ForgetVoteIsFree", "--json");
    expect(JSON.parse(stdout).models).toMatchObject([{ violated: "ElectionSafety", ok: true }]);
    expect(exitCode).toBe(0);
  });

  test("checks traces with TLC", async () => {
    cpSync(join(ROOT, "spec", "examples"), join(elsewhere, "traces"), { recursive: true });
    const { exitCode, stdout } = await npx("check", "traces", "--json");
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ invalid: 0, divergences: [] });
    expect(result.valid).toBeGreaterThan(0);
    expect(exitCode).toBe(0);
  });

  test("fuzzes, and checks what it wrote", async () => {
    const fuzzed = await npx("fuzz", "--runs", "5", "--out", "own", "--json");
    expect({ exitCode: fuzzed.exitCode, stderr: fuzzed.stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(fuzzed.stdout)).toMatchObject({ runs: 5, failures: [] });
    expect((await npx("check", "own")).exitCode).toBe(0);
  });

  test("writes the explorer's page, and has nothing to compile", async () => {
    expect((await npx("explore", "--out", "page.html")).exitCode).toBe(0);
    expect(readFileSync(join(elsewhere, "page.html"), "utf8")).toContain("<title>");
    const { exitCode, stderr } = await npx("compile");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("is no clone of lockstep");
  });

  test("is a library too: the core and the trace's recorder, with their types", async () => {
    const program = [
      'import { createServer, electionTimeout } from "lockstep-raft/core";',
      'import { KeyValueStore } from "lockstep-raft/state-machine";',
      'import { ACTIONS } from "lockstep-raft/trace";',
      'const server = createServer({ id: "a", servers: ["a"] });',
      "electionTimeout(server);",
      "const actions: number = ACTIONS.length;",
      "console.log(server.role, typeof KeyValueStore, actions);",
    ].join("\n");
    writeFileSync(join(elsewhere, "program.ts"), program);
    expect(await compile("program.ts")).toMatchObject({ exitCode: 0, stdout: "" });
    const { stdout } = await runProgram(process.execPath, ["program.js"], { cwd: elsewhere });
    expect(stdout).toBe("Leader function 20\n");
  });

  test("its servers and clients have types that need no others: neither @types/node nor the browser's", async () => {
    const program = [
      'import * as library from "lockstep-raft";',
      'import type { Files, NodeServerOptions, ReplicatedStateMachine } from "lockstep-raft";',
      "let count = 0;",
      "const machine: ReplicatedStateMachine = {",
      "  apply: (command) => String((count += Number(command))),",
      "  query: () => String(count),",
      "  snapshot: () => [String(count)],",
      "  restore: (state) => (count = Number(state)),",
      "};",
      "const files: Files = { ...library.nodeFiles };",
      'const servers = { s1: "127.0.0.1:0" };',
      'const own = { id: "s1", clusterId: "count", folder: "s1" };',
      "const options: NodeServerOptions = { ...own, servers, machine, files };",
      "const server: library.NodeServer = await library.startServer(options);",
      "const leader: string = await server.waitForLeader();",
      'const client = new library.ClusterClient({ servers: { [leader]: server.address ?? "" } });',
      'const { answer }: library.Executed = await client.propose("5");',
      "client.close();",
      "await server.stop();",
      'if (answer !== "5") throw new Error(answer);',
    ].join("\n");
    writeFileSync(join(elsewhere, "server.ts"), program);
    expect(readdirSync(join(elsewhere, "node_modules"))).not.toContain("@types");
    // Every type that the package names is looked at, and not only those that the program uses.
    const compiled = await compile("server.ts", "--lib", "es2023", "--skipLibCheck", "false");
    expect(compiled).toMatchObject({ exitCode: 0, stdout: "" });
    const { exitCode, stderr } = await runProgram(process.execPath, ["server.js"], {
      cwd: elsewhere,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("holds no test, no source of the build, and nothing of a clone", () => {
    const installed = join(elsewhere, "node_modules", "lockstep-raft");
    const names = readdirSync(installed).sort();
    for (const name of ["dist", "spec", "trace-check", "LICENSE", "README.md", "package.json"]) {
      expect(names).toContain(name);
    }
    for (const name of [".ci", ".github"]) expect(names).not.toContain(name);
    // The pages that others lead to lie where they do in a clone.
    for (const name of ["test", "src"]) {
      const files = filesBelow(join(installed, name));
      expect(files.filter((file) => basename(file) !== "README.md")).toEqual([]);
    }
  });

  test("has each page that one of its pages leads to", () => {
    const installed = join(elsewhere, "node_modules", "lockstep-raft");
    const pages = filesBelow(installed).filter((file) => file.endsWith(".md"));
    expect(pages).toContain("src/node/README.md");
    const missing = pages.flatMap((page) =>
      fileLinks(readFileSync(join(installed, page), "utf8"))
        .map(({ file }) => join(dirname(page), file.split("#")[0] ?? ""))
        .filter((file) => file.endsWith(".md") && !pages.includes(file))
        .map((file) => `${page} leads to ${file}`),
    );
    expect(missing).toEqual([]);
  });
});

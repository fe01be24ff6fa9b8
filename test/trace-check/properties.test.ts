import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import { prepare } from "../../trace-check/prepare.ts";
import { compileTraceData } from "../../trace-check/tlc/compile.ts";
import { locateTlcInstallation } from "../../trace-check/tlc/install.ts";
import { TlcOutput } from "../../trace-check/tlc/output.ts";
import { runProgram } from "../../trace-check/tlc/process.ts";
import { createWorkspace } from "../../trace-check/tlc/workspace.ts";
import { readWords } from "../../trace-check/words.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS } from "./tlc.ts";

const specFolder = join(packageFolder(), "spec");

/** Those of a module that take no parameter, from a line on; a step's is its property's. */
async function propertiesIn(module: string, from: string): Promise<readonly string[]> {
  const text = await readFile(join(specFolder, `${module}.tla`), "utf8");
  const properties = text.slice(text.indexOf(from));
  return (properties.match(/^\w+(?= +==)/gm) ?? []).map((name) => name.replace(/Step$/, ""));
}

/** Snapshots restate these two of Raft, and join them with their own. */
const RESTATED = ["CommitIndexGrowsOrReturns", "LastAppliedGrowsOrReturns", "SnapshotGrows"];

async function propertiesOfSpec(): Promise<readonly string[]> {
  const names = [
    ...(await propertiesIn("RaftProperties", "")),
    ...(await propertiesIn("RaftSnapshots", "What snapshots promise")),
    ...(await propertiesIn("RaftReads", "What reads promise")),
  ];
  const own = names.filter((name) => name !== "RequestTypes" && !RESTATED.includes(name));
  return [...new Set([...own, "TypeOK"])].sort();
}

async function propertiesOfChecker(operator: string): Promise<readonly string[]> {
  const text = await readFile(join(specFolder, "TraceRaft.tla"), "utf8");
  const start = text.indexOf(`\n${operator}`);
  const body = text.slice(start, text.indexOf("\n\n", start));
  return [...body.matchAll(/<<"(\w+)"/g)].map((match) => match[1] ?? "");
}

test("the checker evaluates every property of the spec, in both ways", async () => {
  const expected = await propertiesOfSpec();
  expect(expected.length).toBeGreaterThan(18);
  for (const way of ["Whole", "Incremental"]) {
    const types = await propertiesOfChecker(`${way}Types`);
    const others = await propertiesOfChecker(`${way}Others`);
    const extensions = way === "Whole" ? [] : await propertiesOfChecker(`${way}Extensions`);
    expect([...types, ...others, ...extensions].sort()).toEqual(expected);
  }
});

test("every property has a sentence", async () => {
  const words = await readWords(packageFolder());
  for (const name of await propertiesOfSpec()) expect(words.get(name)?.sentence).toBeDefined();
});

const EXECUTIONS = {
  ...{ events: 250, longestLog: 6, timeouts: 40, crashes: 10 },
  ...{ compactions: 40, reads: 40 },
};

test("evaluated incrementally the properties are what they are in full, also on steps that Raft never takes", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const mutations = await mutatedSteps([1, 2].map((seed) => record({ seed, ...EXECUTIONS })));
  expect(mutations.filter(differs)).toEqual([]);
  expect(mutations.length).toBeGreaterThan(15_000);
  const broken = new Set(mutations.flatMap(({ whole }) => whole));
  const never = (await propertiesOfSpec()).filter((name) => !broken.has(name));
  // TypeOK implies these, and where it is broken the others are not evaluated.
  expect(never).toEqual(["AppliedIsCommitted", "NextIndexAboveMatchIndex"]);
});

test("a support that leaves something out is seen to differ", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const traces = [record({ seed: 3, ...EXECUTIONS, events: 120 })];
  for (const [whole, part] of [
    ["roleChanged \\/ voteChanged => LeaderVoted", "roleChanged => LeaderVoted"],
    ["Min(logFrom, committedFrom) .. Len", "committedFrom .. Len"],
    ["SnapshotIsAppliedOf(s)'>>,", "snapshotChanged => SnapshotIsAppliedOf(s)'>>,"],
    ["commitIndex' # commitIndex \\/ log' # log => Commit", "commitIndex' # commitIndex => Commit"],
    ["\\in elections' => p = e.leader", "\\in elections' => TRUE"],
  ] as const) {
    const mutations = await mutatedSteps(traces, (text) => text.replace(whole, part));
    expect(mutations.filter(differs).length).toBeGreaterThan(0);
  }
});

function differs({ whole, incremental }: Mutation): boolean {
  return whole.join() !== incremental.join();
}

interface Mutation {
  readonly whole: readonly string[];
  readonly incremental: readonly string[];
}

/** What is broken by random steps from the states of the traces. */
async function mutatedSteps(
  traces: readonly ReturnType<typeof record>[],
  plant: (traceRaft: string) => string = (text) => text,
): Promise<readonly Mutation[]> {
  const installation = await locateTlcInstallation(process.env);
  const workspace = await createWorkspace({
    traces: traces.map(prepare),
    clusterSize: 3,
    specFolder,
    feed: installation.javac === undefined ? "literals" : "file",
    wholeProperties: false,
    overrides: {},
    definitions: [],
  });
  try {
    const traceRaft = join(workspace.folder, "TraceRaft.tla");
    await writeFile(traceRaft, plant(await readFile(traceRaft, "utf8")));
    const module = join(import.meta.dirname, "MutatedSteps.tla");
    await writeFile(join(workspace.folder, "MutatedSteps.tla"), await readFile(module, "utf8"));
    const configuration = await readFile(join(workspace.folder, "Check.cfg"), "utf8");
    await writeFile(
      join(workspace.folder, "MutatedSteps.cfg"),
      configuration.replace("NEXT TraceNext", "NEXT MutatedNext"),
    );
    const classes =
      installation.javac === undefined
        ? []
        : [
            await compileTraceData({
              ...installation,
              javac: installation.javac,
              source: join(packageFolder(), "trace-check", "tlc", "TraceData.java"),
            }),
          ];
    const output = new TlcOutput();
    const code = await runProgram({
      program: installation.java,
      args: [
        ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
        `-Dlockstep.traces=${workspace.tracesFile}`,
        ...["-cp", [installation.jar, ...classes].join(":"), "tlc2.TLC", "-workers", "1"],
        ...["-deadlock", "-nowarning", "-seed", "1", "-metadir", "states"],
        ...["-config", "MutatedSteps.cfg", "MutatedSteps.tla"],
      ],
      cwd: workspace.folder,
      timeoutMilliseconds: TLC_MILLISECONDS,
      line: (line) => output.line(line),
    });
    expect({ code, errors: output.errors }).toEqual({ code: 0, errors: [] });
    return output.verdicts
      .filter((verdict) => verdict.kind === "MUTATED")
      .map(({ findings }) => ({
        whole: names(findings[0]?.[0]),
        incremental: names(findings[0]?.[1]),
      }));
  } finally {
    await workspace.remove();
  }
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String).sort() : ["no list"];
}

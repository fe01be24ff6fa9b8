import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfiguration } from "../../src/compiler/configuration.ts";
import { generate } from "../../src/compiler/generate.ts";
import { readSpec } from "../../src/compiler/read.ts";
import { exportXml } from "../../src/compiler/sany.ts";
import type { SpecTree } from "../../src/compiler/tree.ts";
import { constantsOf, ModelValues } from "../../src/engine/constants.ts";
import { type Exploration, explore } from "../../src/engine/explorer.ts";
import { loadSpec } from "../../src/engine/load.ts";
import type { CompiledSpec } from "../../src/engine/spec.ts";
import { locateJava } from "../../src/setup/java.ts";
import { locateTlc } from "../../src/setup/tlc.ts";

/** What came of exploring a model, in terms that TLC and the engine share. */
export interface Explored {
  /** "pass", "invariant Name", "property Name", "deadlock" or "error". */
  readonly result: string;
  readonly depth: number;
  /** Of a model that passes and whose counts are TLC's; one that fails stops within a level. */
  readonly distinctStates: number | null;
  readonly generatedStates: number | null;
}

/** A model: its configuration's file, the module's file, and where other modules are. */
export interface Model {
  readonly module: string;
  readonly configuration: string;
  readonly libraries: readonly string[];
}

const SPECS = join(import.meta.dirname, "specs");

/** The specs of test/engine/specs: each configuration belongs to the module its name begins with. */
export async function ownModels(): Promise<ReadonlyMap<string, Model>> {
  const files = await readdir(SPECS);
  const modules = files.filter((file) => file.endsWith(".tla")).map((file) => file.slice(0, -4));
  const models = files
    .filter((file) => file.endsWith(".cfg"))
    .map((file) => file.slice(0, -4))
    .sort()
    .map((name): [string, Model] => {
      const fitting = modules.filter((module) => name.startsWith(module));
      const module = fitting.sort((a, b) => b.length - a.length)[0];
      if (module === undefined) throw new Error(`${name}.cfg belongs to no module`);
      return [
        name,
        {
          module: join(SPECS, `${module}.tla`),
          configuration: join(SPECS, `${name}.cfg`),
          libraries: [SPECS],
        },
      ];
    });
  return new Map(models);
}

const trees = new Map<string, Promise<SpecTree>>();

async function treeOf(model: Model): Promise<SpecTree> {
  const { java } = await locateJava();
  const jar = await locateTlc();
  return readSpec(await exportXml({ java, jar, file: model.module, libraries: model.libraries }));
}

/** A model as the engine runs it. */
export async function compiled(model: Model): Promise<CompiledSpec> {
  const configuration = parseConfiguration(await readFile(model.configuration, "utf8"));
  const tree = trees.get(model.module) ?? treeOf(model);
  trees.set(model.module, tree);
  const text = generate({ spec: await tree, configuration });
  return loadSpec(text, constantsOf(configuration.constants, new ModelValues()));
}

export async function exploredByEngine(model: Model): Promise<Explored> {
  return summary(explore(await compiled(model)));
}

function summary(exploration: Exploration): Explored {
  const { violation, depth, distinctStates, generatedStates } = exploration;
  if (violation === null) return { result: "pass", depth, distinctStates, generatedStates };
  const named = violation.kind === "invariant" || violation.kind === "property";
  const result = named ? `${violation.kind} ${violation.name}` : violation.kind;
  return { result, depth, distinctStates: null, generatedStates: null };
}

/** The same by TLC, with one worker. */
export async function exploredByTlc(model: Model): Promise<Explored> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-explored-"));
  try {
    return parseTlc(await runTlc(model, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runTlc(model: Model, folder: string): Promise<string> {
  const { java } = await locateJava();
  const jar = await locateTlc();
  const args = [
    ...["-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    ...[`-Djava.io.tmpdir=${folder}`, `-DTLA-Library=${model.libraries.join(":")}`],
    ...["-cp", jar, "tlc2.TLC", "-workers", "1", "-metadir", folder],
    ...["-config", model.configuration, model.module],
  ];
  return new Promise((resolve) => {
    execFile(java, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
      resolve(stdout);
    });
  });
}

function parseTlc(output: string): Explored {
  const counts = /(\d+) states generated, (\d+) distinct states found, \d+ states left/.exec(
    output,
  );
  const depth = Number(
    /The depth of the complete state graph search is (\d+)/.exec(output)?.[1] ?? 0,
  );
  const invariant = /Error: Invariant (\w+) is violated/.exec(output)?.[1];
  const property = /Error: Action property (?:(\w+)|line.*?) is violated/.exec(output);
  if (output.includes("Model checking completed. No error has been found.")) {
    return {
      result: "pass",
      depth,
      distinctStates: Number(counts?.[2]),
      generatedStates: Number(counts?.[1]),
    };
  }
  const failed = (result: string): Explored => ({
    result,
    depth,
    distinctStates: null,
    generatedStates: null,
  });
  if (invariant !== undefined) return failed(`invariant ${invariant}`);
  if (property !== null) return failed(`property ${property[1] ?? ""}`.trim());
  if (output.includes("Error: Deadlock reached")) return failed("deadlock");
  if (output.includes("Error:")) return failed("error");
  throw new Error(`TLC said nothing that can be read:\n${output}`);
}

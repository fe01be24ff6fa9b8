import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfiguration } from "../../src/compiler/configuration.ts";
import { generate } from "../../src/compiler/generate.ts";
import { pack } from "../../src/compiler/packed/pack.ts";
import { unpack } from "../../src/compiler/packed/unpack.ts";
import { RefusedError } from "../../src/engine/errors.ts";
import { checkModel, locateModelChecker } from "../../src/model-check/check-model.ts";
import { exploreModel } from "../../src/model-check/compiled/explore-model.ts";
import {
  currentTree,
  parseModule,
  readParsed,
} from "../../src/model-check/compiled/parsed-models.ts";
import { ModelCompiler } from "../../src/model-check/compiled/spec-of-model.ts";
import { type Model, modelsFolder, readManifest } from "../../src/model-check/manifest.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { locateJava } from "../../src/setup/java.ts";
import { locateTlc } from "../../src/setup/tlc.ts";

const FOLDER = modelsFolder();
const models = readManifest();

/** Of these the committed form is made again; LOCKSTEP_PARSED=all has SANY read every module. */
const AGAIN = ["MCSmoke", "MCReplicatedLogForgetMayApply", "MCReadsForgetMayAnswer"];

function modelNamed(name: string): Model {
  const model = models.find((each) => each.name === name);
  if (model === undefined) throw new Error(`there is no model ${name}`);
  return model;
}

function withoutParser(): ModelCompiler {
  return new ModelCompiler(() => Promise.reject(new Error("SANY was asked for")));
}

describe("what SANY read in the models is committed", () => {
  test("and is of the text that the modules have now: else run `lockstep compile`", async () => {
    const parsed = await readParsed(FOLDER);
    const stale: string[] = [];
    for (const { module } of models) {
      if ((await currentTree(parsed, module, FOLDER)) === null) stale.push(module);
    }
    expect(stale).toEqual([]);
  });

  const modules = [...new Set(models.map(({ module }) => module))];
  const again = process.env.LOCKSTEP_PARSED === "all" ? modules : AGAIN;
  test.each(again)(
    "%s gives the code that it gives when SANY reads it now",
    {
      timeout: 60_000,
    },
    async (module) => {
      const parser = { java: (await locateJava()).java, jar: await locateTlc() };
      const read = await parseModule(module, FOLDER, parser);
      const committed = await currentTree(await readParsed(FOLDER), module, FOLDER);
      const text = await readFile(join(FOLDER, `${module}.cfg`), "utf8");
      const configuration = parseConfiguration(text);
      if (committed === null) throw new Error(`${module} is not committed`);
      expect(generate({ spec: committed, configuration })).toBe(
        generate({ spec: read, configuration }),
      );
      expect(unpack(pack([read, read]), module)).toEqual(unpack(pack([read]), module));
    },
  );

  describe("where a module is another since", () => {
    let copy = "";
    beforeAll(async () => {
      copy = await mkdtemp(join(tmpdir(), "lockstep-models-"));
      await cp(join(packageFolder(), "spec"), join(copy, "spec"), { recursive: true });
    });
    afterAll(() => rm(copy, { recursive: true, force: true }));

    test("SANY is asked, for those alone that rest on it", async () => {
      const file = join(copy, "spec", "RaftReads.tla");
      await writeFile(file, `${await readFile(file, "utf8")}\n\\* More is said.\n`);
      const folder = join(copy, "spec", "models");
      const parser = () => Promise.reject(new Error("SANY was asked for"));
      const compiler = new ModelCompiler(parser, folder);
      await expect(compiler.compile(modelNamed("Smoke"))).resolves.toMatchObject({
        name: "MCSmoke",
      });
      await expect(compiler.compile(modelNamed("Reads"))).rejects.toThrow("SANY was asked for");
    });
  });
});

describe("the compiled engine on a model", () => {
  test("has TLC's counts, and takes TLC's actions", async () => {
    const model = modelNamed("ForgetMatchIndexAfter");
    const verdict = exploreModel(model, await withoutParser().compile(model));
    expect(verdict).toMatchObject({ ok: true, problems: [], result: "pass", notCompared: null });
    expect(verdict.distinctStates).toBe(model.distinctStates);
    expect(verdict.generatedStates).toBe(model.generatedStates);
    const never = Object.entries(verdict.actions).filter(([, taken]) => taken === 0);
    expect(never.map(([name]) => name).sort()).toEqual([...(model.notTaken ?? [])].sort());
  });

  test.each(["Smoke", "ForgetVoteInLargerTerm"])(
    "%s: names and counts the actions as TLC does",
    { timeout: 180_000 },
    async (name) => {
      const model = modelNamed(name);
      const checker = await locateModelChecker(process.env);
      const byTlc = await checkModel(model, checker, { workers: 1 });
      const compiled = exploreModel(model, await withoutParser().compile(model));
      expect(Object.keys(byTlc.actions).length).toBeGreaterThan(5);
      expect(compiled.actions).toEqual(byTlc.actions);
    },
  );

  test("fails it where the manifest says another count, depth, result or action", async () => {
    const model = modelNamed("ForgetNextIndexChoices");
    const spec = await withoutParser().compile(model);
    const others: readonly (readonly [Partial<Model>, RegExp])[] = [
      [{ distinctStates: 60 }, /distinct states: the manifest says 60, the compiled engine 59/],
      [{ generatedStates: 1 }, /generated states: the manifest says 1, the compiled engine 290/],
      [{ depth: 16 }, /depth: the manifest says 16, the compiled engine 15/],
      [{ expected: "LogMatching" }, /LogMatching should have fallen, and nothing did/],
      [{ notTaken: [] }, /the action TakeApply was never taken/],
    ];
    for (const [other, problem] of others) {
      const { ok, problems } = exploreModel({ ...model, ...other }, spec);
      expect(ok).toBe(false);
      expect(problems.join("\n")).toMatch(problem);
    }
    expect(exploreModel(model, spec).ok).toBe(true);
  });

  test("explains a counterexample as that of TLC is explained", async () => {
    const model = modelNamed("ForgetVoteIsFree");
    const verdict = exploreModel(model, await withoutParser().compile(model));
    expect(verdict).toMatchObject({ ok: true, result: "fail", violated: "ElectionSafety" });
    const [first, second] = verdict.counterexample;
    expect(first).toMatchObject({ number: 1, action: "Init", changes: [] });
    expect(second?.action).toBe("Timeout");
    expect(second?.changes.map(({ place }) => place)).toContainEqual(
      expect.stringMatching(/^role\[s\d\]$/),
    );
    expect(verdict.counterexample).toHaveLength(model.depth ?? 0);
  });

  test("refuses liveness by name and place", async () => {
    const compiling = withoutParser().compile(modelNamed("LivenessWithoutMajority"));
    await expect(compiling).rejects.toThrow(RefusedError);
    await expect(withoutParser().compile(modelNamed("Liveness"))).rejects.toThrow(
      /a liveness property.*module \w+, line \d+/,
    );
  });

  test("has TLC's counts under a symmetry and a view that leaves out what the rest determines", async () => {
    const model = modelNamed("RefinesReduced");
    const verdict = exploreModel(model, await withoutParser().compile(model));
    expect(verdict).toMatchObject({ ok: true, problems: [], result: "pass", notCompared: null });
  });

  test("says where its counts are not TLC's, and does not compare them", async () => {
    // `step`, which the view leaves out, is of the state that came first: TLC finds 223 and 837.
    const model = {
      ...modelNamed("ForgetTermIsLarger"),
      distinctStates: 223,
      generatedStates: 837,
    };
    const spec = await withoutParser().compile(model);
    const permuted = await withoutParser().compile(modelNamed("ForgetRoleInLargerTerm"));
    const verdict = exploreModel(model, { ...spec, symmetry: permuted.symmetry });
    expect(verdict.notCompared).toMatch(/VIEW.*SYMMETRY/);
    expect(verdict).toMatchObject({ ok: true, distinctStates: 106, generatedStates: 413 });
    const { ok, problems } = exploreModel(model, spec);
    expect(ok).toBe(false);
    expect(problems[0]).toMatch(/distinct states: the manifest says 223, the compiled engine 516/);
  });

  test("takes random behaviours where the model asks for those", { timeout: 60_000 }, async () => {
    const model = modelNamed("RefinesReducedSimulation");
    const simulate = { behaviours: 5, depth: 20, seed: 1 };
    const verdict = exploreModel({ ...model, simulate }, await withoutParser().compile(model));
    expect(verdict).toMatchObject({ ok: true, result: "pass", distinctStates: null });
    expect(verdict.generatedStates).toBeGreaterThan(20);
  });
});

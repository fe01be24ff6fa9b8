import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkModel, locateModelChecker } from "../../src/model-check/check-model.ts";
import type { Model } from "../../src/model-check/manifest.ts";
import type { ModelVerdict } from "../../src/model-check/verdict.ts";

// A counter from 0 to 3 that may be set back once: 5 states in all.
const COUNTER = `
------------------------------ MODULE MCCounter ------------------------------
EXTENDS Naturals
VARIABLES count, isReset, step
vars == <<count, isReset, step>>
Init == count = 0 /\\ isReset = FALSE /\\ step = [action |-> "Init"]
Increment(by) ==
  /\\ count + by <= 3
  /\\ count' = count + by
  /\\ UNCHANGED isReset
  /\\ step' = [action |-> "Increment", by |-> by]
Reset ==
  /\\ count = 3 /\\ ~isReset
  /\\ count' = 0 /\\ isReset' = TRUE
  /\\ step' = [action |-> "Reset"]
Never == count > 5 /\\ UNCHANGED vars
Next == Increment(1) \\/ Reset
NextWithNever == Next \\/ Never
Spec == Init /\\ [][Next]_vars
FairSpec == Spec /\\ WF_vars(Next)
SpecWithNever == Init /\\ [][NextWithNever]_vars
Small == count < 3
Grows == [][count' > count]_count
ReachesTwo == <>(count = 2)
StaysAtTwo == <>[](count = 2)
Wrong == count < isReset
View == <<count, isReset>>
==============================================================================
`;

const CONFIGS = {
  passes: "SPECIFICATION FairSpec\nVIEW View\nPROPERTY ReachesTwo\nCHECK_DEADLOCK FALSE",
  invariant: "SPECIFICATION Spec\nVIEW View\nINVARIANT Small\nCHECK_DEADLOCK FALSE",
  action: "SPECIFICATION Spec\nVIEW View\nPROPERTY Grows\nCHECK_DEADLOCK FALSE",
  temporal: "SPECIFICATION FairSpec\nPROPERTY StaysAtTwo\nCHECK_DEADLOCK FALSE",
  never: "SPECIFICATION SpecWithNever\nVIEW View\nCHECK_DEADLOCK FALSE",
  deadlock: "SPECIFICATION Spec\nVIEW View",
  wrong: "SPECIFICATION Spec\nINVARIANT Wrong\nCHECK_DEADLOCK FALSE",
  unknown: "SPECIFICATION Spec\nINVARIANT NoSuchThing\nCHECK_DEADLOCK FALSE",
} as const;

let folder: string;

beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "lockstep-models-")), "models");
  mkdirSync(folder);
  writeFileSync(join(folder, "MCCounter.tla"), COUNTER);
  for (const [name, text] of Object.entries(CONFIGS)) {
    writeFileSync(join(folder, `${name}.cfg`), `${text}\n`);
  }
});

afterAll(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

async function check(
  config: keyof typeof CONFIGS,
  more: Partial<Model> = {},
): Promise<ModelVerdict> {
  const model: Model = {
    name: "Counter",
    module: "MCCounter",
    config: `${config}.cfg`,
    shows: "A counter counts.",
    kind: "safety",
    bounds: "3",
    expected: "pass",
    size: "smoke",
    seconds: 1,
    ...more,
  };
  const checker = await locateModelChecker(process.env);
  return await checkModel(model, checker, { workers: 1, folder });
}

describe("a model of random behaviours", () => {
  const simulate = { behaviours: 20, depth: 10, seed: 1 };

  test("passes where none breaks a property, and tells how many states it went through", async () => {
    const verdict = await check("never", { simulate });
    expect(verdict).toMatchObject({ result: "pass", ok: true, distinctStates: null });
    expect(verdict.generatedStates).toBeGreaterThan(20);
  });

  test("fails where one does", async () => {
    const verdict = await check("invariant", { simulate, expected: "Small" });
    expect(verdict).toMatchObject({ result: "fail", violated: "Small", ok: true });
  });
});

describe("a model that passes", () => {
  test("is ok where its counts are those of the manifest", async () => {
    const verdict = await check("passes", { distinctStates: 8, generatedStates: 8, depth: 8 });
    expect(verdict).toMatchObject({ result: "pass", violated: null, ok: true, problems: [] });
    expect(verdict.actions).toEqual({ Increment: 6, Reset: 1 });
  });

  test("is not ok where a count differs", async () => {
    const verdict = await check("passes", { distinctStates: 9, generatedStates: 8, depth: 7 });
    expect(verdict.ok).toBe(false);
    expect(verdict.problems).toEqual([
      "distinct states: the manifest says 9, TLC 8",
      "depth: the manifest says 7, TLC 8",
    ]);
  });

  test("is not ok where an action was never taken, unless the manifest says so", async () => {
    const verdict = await check("never");
    expect(verdict).toMatchObject({ result: "pass", ok: false });
    expect(verdict.problems).toEqual(["the action Never was never taken"]);
    expect(await check("never", { notTaken: ["Never"] })).toMatchObject({ ok: true });
  });

  test("is not ok where a property ought to have fallen", async () => {
    const verdict = await check("passes", { expected: "Small" });
    expect(verdict.problems).toEqual(["Small should have fallen, and nothing did"]);
  });

  test("leaves no file behind", async () => {
    const before = readdirSync(folder);
    await check("passes");
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe("a model in which a property falls", () => {
  test("names the invariant, the length of its counterexample, and explains each step", async () => {
    const verdict = await check("invariant", { expected: "Small", depth: 4 });
    expect(verdict).toMatchObject({ result: "fail", violated: "Small", depth: 4, ok: true });
    expect(verdict.counterexample.at(-1)).toEqual({
      number: 4,
      action: "Increment",
      parameters: { by: "1" },
      changes: [{ place: "count", before: "2", after: "3", added: null, removed: null }],
    });
  });

  test("names an action property", async () => {
    const verdict = await check("action", { expected: "Grows", depth: 5 });
    expect(verdict).toMatchObject({ result: "fail", violated: "Grows", depth: 5, ok: true });
  });

  test("names a temporal property, where it is the only one, and shows how it ends", async () => {
    const verdict = await check("temporal", { expected: "StaysAtTwo" });
    expect(verdict).toMatchObject({ result: "fail", violated: "StaysAtTwo", ok: true });
    expect(verdict.counterexample.at(-1)?.action).toMatch(/nothing more happens|for ever/);
  });

  test("is not ok where it ought to pass, or another property to fall", async () => {
    expect((await check("invariant")).problems).toEqual(["Small does not hold"]);
    const other = await check("invariant", { expected: "Grows" });
    expect(other).toMatchObject({ ok: false });
    expect(other.problems[0]).toBe("Grows should have fallen, and Small did");
  });

  test("a deadlock is a failure", async () => {
    const verdict = await check("deadlock");
    expect(verdict).toMatchObject({ result: "fail", violated: "Deadlock", ok: false });
  });
});

describe("a model that TLC cannot check is never ok", () => {
  test("for an operator that is not defined", async () => {
    const verdict = await check("unknown");
    expect(verdict).toMatchObject({ result: "error", ok: false });
    expect(verdict.problems.join()).toMatch(/NoSuchThing/);
  });

  test("for an expression without a value", async () => {
    const verdict = await check("wrong", { expected: "Wrong" });
    expect(verdict).toMatchObject({ result: "error", ok: false });
  });

  test("for a module that is not there, or does not parse", async () => {
    const missing = await check("passes", { module: "MCNone" });
    expect(missing).toMatchObject({ result: "error", ok: false });
    writeFileSync(join(folder, "MCBroken.tla"), "---- MODULE MCBroken ----\nInit == (\n====\n");
    const broken = await check("passes", { module: "MCBroken" });
    rmSync(join(folder, "MCBroken.tla"));
    expect(broken).toMatchObject({ result: "error", ok: false });
  });
});

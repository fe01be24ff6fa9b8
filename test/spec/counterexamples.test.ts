/**
 * TLC on every model that forgets a rule: the property that must fall falls, with the counts of
 * the manifest; with the rule in place again nothing falls; and the shortest counterexample is the
 * one that spec/counterexamples keeps, as text and as a trace. Scenarios likewise, whose
 * counterexample is what they show.
 *
 * LOCKSTEP_MEASURE=1 writes what TLC reports into the manifest and the table of spec/README.md,
 * and `vitest -u` the counterexamples, in place of comparing.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import type { ModelChecker } from "../../src/model-check/check-model.ts";
import { type Model, modelsFolder, readManifest } from "../../src/model-check/manifest.ts";
import { runTlc } from "../../src/model-check/run-tlc.ts";
import type { PrintedState } from "../../src/model-check/tlc-report.ts";
import { judge, type ModelVerdict } from "../../src/model-check/verdict.ts";
import { atMost, findChecker, TLC_MILLISECONDS } from "./checker.ts";
import { counterexampleText } from "./counterexample-text.ts";
import { counterexampleTrace } from "./counterexample-trace.ts";
import { isMeasuring, type Measurement, writeMeasurements } from "./measurements.ts";
import { rememberedConfig } from "./rule-names.ts";

const COUNTEREXAMPLES = resolve(import.meta.dirname, "../../spec/counterexamples");

const checker = await findChecker();
const models = readManifest().filter(
  ({ kind, size }) => (kind === "forgotten" || kind === "scenario") && size === "smoke",
);
const oneACore = atMost(isMeasuring ? 1 : 2);
const measured: Measurement[] = [];
let scratch = "";

describe
  .skipIf(typeof checker === "string")
  .concurrent("without the rule, or for a scenario", () => {
    for (const model of models) {
      test(
        `${model.rule ?? model.name}: ${model.expected === "pass" ? "nothing falls" : `${model.expected} falls`}`,
        async ({ expect }) => {
          const { verdict, printed } = await check(model);
          measured.push({ name: model.name, verdict });
          expect(verdict.problems).toEqual([]);
          if (verdict.violated === null) return;
          const file = join(COUNTEREXAMPLES, `${model.name}.txt`);
          await expect(counterexampleText(model, verdict.counterexample)).toMatchFileSnapshot(file);
          const trace = join(COUNTEREXAMPLES, `${model.name}.ndjson`);
          await expect(counterexampleTrace(model, printed)).toMatchFileSnapshot(trace);
        },
        TLC_MILLISECONDS,
      );
    }
  });

describe.skipIf(typeof checker === "string").concurrent("with the rule in place again", () => {
  for (const model of models) {
    const { remembered } = model;
    if (remembered === undefined) continue;
    test(
      `${model.rule}: ${remembered.expected === "pass" ? "nothing falls" : `${remembered.expected} falls`}`,
      async ({ expect }) => {
        const config = join(scratch, model.config);
        writeFileSync(config, rememberedConfig(model.config));
        const { verdict } = await check({ ...model, ...remembered, config });
        measured.push({ name: model.name, remembered: verdict });
        expect(verdict.problems).toEqual([]);
      },
      TLC_MILLISECONDS,
    );
  }
});

test.skipIf(typeof checker !== "string")("the models are checked", ({ skip }) => {
  skip(`The models are not checked: ${typeof checker === "string" ? checker : ""}`);
});

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "lockstep-models-"));
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  if (isMeasuring) writeMeasurements(measured);
});

interface Checked {
  readonly verdict: ModelVerdict;
  /** The counterexample as TLC prints it. */
  readonly printed: readonly PrintedState[];
}

/** Runs TLC on one worker. Its counts are not compared where they are being measured. */
async function check(model: Model): Promise<Checked> {
  if (typeof checker === "string") throw new Error(checker);
  const found: ModelChecker = checker;
  return oneACore(async () => {
    const begin = performance.now();
    const report = await runTlc({
      ...found,
      folder: modelsFolder(),
      model: { ...model, seconds: 1 },
      workers: 1,
      coverage: false,
    });
    const seconds = (performance.now() - begin) / 1000;
    const expected = isMeasuring ? uncounted(model) : model;
    const verdict = judge(expected, { report, seconds, workers: 1, folder: modelsFolder() });
    return { verdict, printed: report.counterexample };
  });
}

function uncounted(model: Model): Model {
  const { distinctStates, generatedStates, depth, ...rest } = model;
  return rest;
}

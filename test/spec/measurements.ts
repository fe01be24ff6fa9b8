import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { modelsFolder } from "../../src/model-check/manifest.ts";
import type { ModelVerdict } from "../../src/model-check/verdict.ts";
import { updateRulesTable } from "./rules-table.ts";

/** Whether what TLC reports is written down, in place of compared. */
export const isMeasuring = process.env.LOCKSTEP_MEASURE === "1";

/** What TLC reported of a model, or of the model with its rule in place again. */
export interface Measurement {
  readonly name: string;
  readonly verdict?: ModelVerdict;
  readonly remembered?: ModelVerdict;
}

type Entry = Record<string, unknown> & { readonly name: string; remembered?: object };

/** Writes the figures into the manifest, and from there into the table of spec/README.md. */
export function writeMeasurements(measurements: readonly Measurement[]): void {
  const file = join(modelsFolder(), "manifest.json");
  const manifest: { models: Entry[] } = JSON.parse(readFileSync(file, "utf8"));
  for (const { name, verdict, remembered } of measurements) {
    const entry = manifest.models.find((model) => model.name === name);
    if (entry === undefined) throw new Error(`${file} has no model ${name}`);
    if (verdict !== undefined) Object.assign(entry, figuresOf(verdict));
    if (remembered !== undefined) {
      entry.remembered = { ...entry.remembered, ...figuresOf(remembered) };
    }
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  updateRulesTable();
}

function figuresOf({ distinctStates, generatedStates, depth, seconds }: ModelVerdict): object {
  return { distinctStates, generatedStates, depth, seconds: Math.round(seconds * 10) / 10 };
}

/** Reads spec/models/manifest.json: the models, and what TLC must report of each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../setup/environment.ts";

export const SIZES = ["smoke", "full", "deep"] as const;
/** Seconds, minutes, hours. */
export type Size = (typeof SIZES)[number];

/** One model, as spec/models/manifest.schema.json documents it. */
export interface Model {
  readonly name: string;
  /** The module that TLC is given, in spec/models, without `.tla`. */
  readonly module: string;
  readonly config: string;
  /** What it is for, in one sentence. */
  readonly shows: string;
  readonly kind: "safety" | "liveness" | "refinement" | "forgotten" | "scenario";
  /** The rule that is forgotten. */
  readonly rule?: string;
  readonly bounds: string;
  /** `pass`, or the property that must fall. */
  readonly expected: string;
  readonly size: Size;
  /** The number of workers at which the figures hold; absent: any. */
  readonly workers?: number;
  readonly simulate?: Simulation;
  readonly distinctStates?: number;
  readonly generatedStates?: number;
  readonly depth?: number;
  /** Measured once; never compared. */
  readonly seconds?: number;
  /** Actions that the model leaves out on purpose. */
  readonly notTaken?: readonly string[];
  /**
   * The smaller model that counts how often each action is taken: counting doubles the time. It is
   * the same but for its bounds, so what it can do this one can.
   */
  readonly actionsCountedBy?: string;
  /** Of a model that forgets a rule: what TLC must report where it does not. */
  readonly remembered?: Remembered;
}

/** The model with its rule in place again. */
export type Remembered = Pick<
  Model,
  "expected" | "distinctStates" | "generatedStates" | "depth" | "seconds"
>;

/** Random behaviours in place of an exhaustive search. */
export interface Simulation {
  readonly behaviours: number;
  readonly depth: number;
  readonly seed: number;
}

/** The folder of the models: TLC runs there. */
export function modelsFolder(): string {
  return join(packageFolder(), "spec", "models");
}

/**
 * The models of a manifest, in its order. Its form is what the schema says, and a test holds the
 * manifest against the schema; here only what would mislead this program is looked at.
 * @throws Error when the file is no manifest.
 */
export function readManifest(file = join(modelsFolder(), "manifest.json")): readonly Model[] {
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!hasModels(parsed)) throw new Error(`${file} has no list "models".`);
  return parsed.models.map((model, position) => {
    if (!isModel(model)) throw new Error(`${file}: models[${position}] is not a model.`);
    return model;
  });
}

function hasModels(value: unknown): value is { readonly models: readonly unknown[] } {
  return (
    typeof value === "object" && value !== null && "models" in value && Array.isArray(value.models)
  );
}

function isModel(value: unknown): value is Model {
  if (typeof value !== "object" || value === null) return false;
  const texts = ["name", "module", "config", "shows", "kind", "bounds", "expected", "size"];
  return texts.every((field) => typeof Reflect.get(value, field) === "string");
}

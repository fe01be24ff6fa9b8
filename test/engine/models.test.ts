import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RefusedError } from "../../src/engine/errors.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { exploredByEngine } from "./explored.ts";

interface Entry {
  readonly name: string;
  readonly module: string;
  readonly config: string;
  /** "pass", or the property that must fail. */
  readonly expected: string;
  readonly kind: string;
  readonly distinctStates?: number;
  readonly generatedStates?: number;
  readonly depth?: number;
}

const SPEC = join(packageFolder(), "spec");
const MODELS = join(SPEC, "models");

/** LOCKSTEP_MODELS says up to how many states; TLC's own figures are in the manifest. */
const MOST_STATES = Number(process.env.LOCKSTEP_MODELS ?? 800);

const entries: readonly Entry[] = JSON.parse(
  await readFile(join(MODELS, "manifest.json"), "utf8"),
).models;
/** A simulation has no counts, nor an end. Liveness is refused before any state is made. */
const chosen = entries.filter(
  ({ kind, distinctStates }) =>
    kind === "liveness" || (distinctStates !== undefined && distinctStates <= MOST_STATES),
);

function modelOf(entry: Entry) {
  return {
    module: join(MODELS, `${entry.module}.tla`),
    configuration: join(MODELS, entry.config),
    libraries: [SPEC, MODELS],
  };
}

test.each(chosen)(
  "$name: the engine finds what the manifest says TLC finds",
  {
    timeout: 1_800_000,
  },
  async (entry) => {
    const { kind, expected, depth, distinctStates, generatedStates } = entry;
    // Liveness is refused rather than run wrongly.
    if (kind === "liveness") {
      await expect(exploredByEngine(modelOf(entry))).rejects.toThrow(RefusedError);
      return;
    }
    const explored = await exploredByEngine(modelOf(entry));
    if (expected === "pass") {
      expect(explored).toEqual({ result: "pass", depth, distinctStates, generatedStates });
      return;
    }
    expect(explored.result.replace(/^(invariant|property) /, "")).toBe(expected);
    expect(explored.depth).toBe(depth);
  },
);

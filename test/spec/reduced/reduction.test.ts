/**
 * TLC on the small models of the reduced Raft: Raft refines it, it implements the replicated log, a
 * leader is elected once timing is kind; and each of these checks finds a planted fault. The
 * larger bounds are for `lockstep model`.
 */
import { describe, expect, test } from "vitest";
import { checkModel } from "../../../src/model-check/check-model.ts";
import { type Model, readManifest } from "../../../src/model-check/manifest.ts";
import type { ModelVerdict } from "../../../src/model-check/verdict.ts";
import { atMost, findChecker, TLC_MILLISECONDS } from "../checker.ts";

const MODELS = {
  "Raft.tla is exhausted, every message kept": ["Plain"],
  "Raft refines the reduced Raft": ["RefinesReduced", "RefinesReducedForgetMayChange"],
  "Raft implements the replicated log": [
    "ReplicatedLogForgetMayApply",
    "ReplicatedLogForgetLogIsUpToDate",
  ],
  "a leader is elected once timing is kind": [
    "LivenessForgetTermOfElection",
    "LivenessWithoutMajority",
  ],
} as const;

const checker = await findChecker();
const inTurn = atMost(2);

describe.skipIf(typeof checker === "string").each(Object.entries(MODELS))("%s", (_what, names) => {
  test.concurrent.each(names)(
    "%s gives what the manifest says",
    async (name) => {
      const verdict = await inTurn(() => checkByName(name));
      expect(verdict.problems).toEqual([]);
    },
    TLC_MILLISECONDS,
  );
});

test.skipIf(typeof checker !== "string")("the models are checked", ({ skip }) => {
  skip(`The models are not checked: ${typeof checker === "string" ? checker : ""}`);
});

function checkByName(name: string): Promise<ModelVerdict> {
  if (typeof checker === "string") throw new Error(checker);
  return checkModel(modelOf(name), checker, { workers: 1 });
}

function modelOf(name: string): Model {
  const model = readManifest().find((candidate) => candidate.name === name);
  if (model === undefined) throw new Error(`spec/models/manifest.json has no model ${name}`);
  return model;
}

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CommandIo } from "../../../src/cli/command.ts";
import { progressOf } from "../../../src/cli/modelling/text.ts";
import { readManifest } from "../../../src/model-check/manifest.ts";

const model = readManifest().find(({ name }) => name === "Reduced3x2");

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What is told after ten seconds, where TLC has generated so many states by then. */
function toldAt(generatedStates: number): string {
  if (model === undefined) throw new Error("there is no model Reduced3x2");
  let told = "";
  const io: CommandIo = {
    stdout: () => {},
    stderr: (text) => {
      told = text;
    },
    env: {},
    color: false,
  };
  const tell = progressOf(model, 2, io);
  vi.advanceTimersByTime(10_000);
  tell({ generatedStates, distinctStates: 100_000, queue: 5_000 });
  return told;
}

test("tells states, queue, rate and the time that is left", () => {
  expect(toldAt(844_738)).toBe(
    "  Reduced3x2: 100,000 distinct states, 5,000 in the queue, 84,474 generated a second, 10.0 s left\n",
  );
});

test("guesses no time from the rate of a JVM that has just started", () => {
  expect(toldAt(800)).toBe(
    "  Reduced3x2: 100,000 distinct states, 5,000 in the queue, 80 generated a second\n",
  );
});

import { expect, test } from "vitest";
import { show } from "../../src/engine/show.ts";
import { walk } from "../../src/engine/walk.ts";
import { compiled, ownModels } from "./explored.ts";

const MINUTE = 60_000;

async function specOf(name: string) {
  const model = (await ownModels()).get(name);
  if (model === undefined) throw new Error(`${name} is no model`);
  return compiled(model);
}

test("a random walk is the same from the same seed, and another from another", {
  timeout: MINUTE,
}, async () => {
  const spec = await specOf("Readers");
  const shown = (seed: number): readonly string[] =>
    walk(spec, { seed, steps: 20 }).trace.map(({ state }) =>
      spec.variables.map((name) => show(state[name] ?? false)).join(),
    );
  expect(shown(1)).toEqual(shown(1));
  expect(shown(1)).toHaveLength(21);
  expect(shown(1)).not.toEqual(shown(2));
});

test("random walks come upon an invariant that is broken, and stop there", {
  timeout: MINUTE,
}, async () => {
  const spec = await specOf("Jugs");
  const walks = Array.from({ length: 100 }, (_, seed) => walk(spec, { seed, steps: 100 }));
  const broken = walks.filter(({ violated }) => violated !== null);
  expect(broken.length).toBeGreaterThan(0);
  for (const { trace, violated } of broken) {
    expect(violated).toBe("NotFour");
    expect(trace[trace.length - 1]?.state.big).toBe(4);
  }
});

test("a walk that comes to a deadlock, or begins against a property, says so", {
  timeout: MINUTE,
}, async () => {
  const spec = await specOf("IdiomsAngles");
  expect(walk(spec, { seed: 1, steps: 50 }).violated).toBe(null);
  expect(walk({ ...spec, checkDeadlock: true }, { seed: 1, steps: 50 }).violated).toBe("Deadlock");
  const initialProperties = [{ name: "Never", holds: () => false }];
  expect(walk({ ...spec, initialProperties }, { seed: 1, steps: 50 }).violated).toBe("Never");
});

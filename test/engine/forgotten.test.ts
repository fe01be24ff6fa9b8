import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseConfiguration } from "../../src/compiler/configuration.ts";
import { generate } from "../../src/compiler/generate.ts";
import { readSpec } from "../../src/compiler/read.ts";
import { exportXml } from "../../src/compiler/sany.ts";
import { TARGETS } from "../../src/compiler/targets.ts";
import { loadSpec } from "../../src/engine/load.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { locateJava } from "../../src/setup/java.ts";
import { locateTlc } from "../../src/setup/tlc.ts";
import { forgetRule } from "../../src/sim/forgotten-rules.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import { record } from "../trace-check/record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "../trace-check/tlc.ts";

const tlc = tlcForTests();

const RULE = "MayApply";
const DEFINITION = "ForgottenMayApply(s, index) == TRUE";

/** The compiled TraceRaft in which the rule is forgotten: a step is then right and breaks a property. */
async function forgetful() {
  const [target] = TARGETS;
  if (target === undefined) throw new Error("there is no target");
  const folder = await mkdtemp(join(tmpdir(), "lockstep-forgotten-"));
  try {
    const file = join(folder, "Check.tla");
    await writeFile(file, `---- MODULE Check ----\nEXTENDS TraceRaft\n${DEFINITION}\n====\n`);
    const { java } = await locateJava();
    const libraries = [join(packageFolder(), "spec")];
    const xml = await exportXml({ java, jar: await locateTlc(), file, libraries });
    const configuration = parseConfiguration(`${target.configuration} ${RULE} <- Forgotten${RULE}`);
    return generate({ ...target, spec: readSpec(xml), configuration });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("where the spec forgets a rule as well, both engines name the same broken property", {
  timeout: TLC_MILLISECONDS,
}, async () => {
  const rules = forgetRule(RULE);
  if (rules === null) throw new Error(`there is no rule ${RULE}`);
  const traces = [1, 2, 3].map((seed) => record({ seed, events: 300, timeouts: 40, rules }));
  const text = await forgetful();
  const engine = createCompiledEngine({
    build: (constants, foreign) => loadSpec(text, constants, foreign),
  });
  const actual = await engine.check(traces);
  const overrides = { [RULE]: `Forgotten${RULE}` };
  const expected = await tlc({ overrides, definitions: [DEFINITION] }).check(traces);
  expect(actual).toEqual(expected);
  expect(actual.map(({ divergence }) => divergence?.kind)).toContain("violated");
});

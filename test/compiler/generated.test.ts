import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileTarget, TARGETS } from "../../src/compiler/targets.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { locateJava } from "../../src/setup/java.ts";
import { locateTlc } from "../../src/setup/tlc.ts";

test.each(TARGETS)(
  "the committed $name is what its spec gives",
  {
    timeout: 120_000,
  },
  async (target) => {
    const { java } = await locateJava();
    const folder = packageFolder();
    const text = await compileTarget(target, {
      java,
      jar: await locateTlc(),
      specFolder: join(folder, "spec"),
    });
    const committed = join(folder, "src", "engine", "generated", `${target.name}.ts`);
    expect(await readFile(committed, "utf8")).toBe(text);
  },
);

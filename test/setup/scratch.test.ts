import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT, runProgram } from "../cli/program.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-scratch-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = pathToFileURL(join(ROOT, "dist", "src", "setup", "scratch.js")).href;

/** What is left among the temporary files of a program that ends at some moment. */
async function leftBy(lines: string): Promise<readonly string[]> {
  const program = `
    import { writeFile, writeFileSync } from "node:fs";
    import { makeScratchFolder } from ${JSON.stringify(MODULE)};
    const { folder, remove } = await makeScratchFolder("scratch-");
    for (let file = 0; file < 500; file++) writeFileSync(folder + "/" + file, "");
    ${lines}
  `;
  const { stderr } = await runProgram(
    process.execPath,
    ["--input-type=module", "--eval", program],
    { env: { ...process.env, TMPDIR: folder } },
  );
  expect(stderr).toBe("");
  return readdirSync(folder);
}

test.each([
  ["while the folder is in use", "process.exit();"],
  [
    "while files are made in it",
    `for (let round = 0; round < 400; round++) void writeFile(folder + "/n" + round, "", () => {});
     setTimeout(() => process.exit(), 2);`,
  ],
  ["while it is being removed", "void remove(); setImmediate(() => process.exit());"],
  ["once it is removed", "await remove();"],
])("nothing is left by a program that ends %s", async (_when, lines) => {
  expect(await leftBy(lines)).toEqual([]);
});

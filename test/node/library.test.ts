import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ROOT, runProgram } from "../cli/program.ts";

let folder = "";
afterEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

/** The program that the documentation shows. */
function example(): string {
  const text = readFileSync(join(ROOT, "src/node/README.md"), "utf8");
  return /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
}

describe("lockstep-raft as a library", () => {
  test("runs a state machine of one's own, by the example of the documentation", async () => {
    // Below the package, so that the example's import finds it by its name.
    mkdirSync(join(ROOT, ".lockstep"), { recursive: true });
    folder = mkdtempSync(join(ROOT, ".lockstep", "example-"));
    const more = `
while (server.status().role !== "Leader") await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify([await server.execute("5"), await server.execute("37"), await server.query("")]));
await server.stop();
`;
    writeFileSync(join(folder, "example.mjs"), example() + more);
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, ["example.mjs"], {
      cwd: folder,
    });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { status: "executed", answer: "5" },
      { status: "executed", answer: "42" },
      { status: "executed", answer: "42" },
    ]);
  });

  test("takes about ten lines", () => {
    expect(example().trim().split("\n").length).toBeLessThanOrEqual(14);
  });
});

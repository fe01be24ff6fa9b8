import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ROOT, runProgram } from "../cli/program.ts";

let folder = "";
afterEach(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

/** The programs that the documentation shows: a server, and a client of it. */
function examples(): readonly [server: string, client: string] {
  const text = readFileSync(join(ROOT, "src/node/README.md"), "utf8");
  const [server = "", client = ""] = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(
    ([, program = ""]) => program,
  );
  return [server, client];
}

/** What the comments beside its calls say that it prints. */
function printedBy(program: string): readonly string[] {
  return [...program.matchAll(/^console\.log\(.*\); \/\/ (.+)$/gm)].map(([, line = ""]) => line);
}

describe("lockstep-raft as a library", () => {
  test("runs a state machine of one's own, and a client of it, by the examples of the documentation", async () => {
    // Below the package, so that the examples' import finds it by its name.
    mkdirSync(join(ROOT, ".lockstep"), { recursive: true });
    folder = mkdtempSync(join(ROOT, ".lockstep", "example-"));
    const [server, client] = examples();
    writeFileSync(join(folder, "client.mjs"), client);
    const more = 'await import("./client.mjs");\nawait server.stop();\n';
    writeFileSync(join(folder, "server.mjs"), server + more);
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, ["server.mjs"], {
      cwd: folder,
    });
    expect(exitCode, stderr).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toEqual([...printedBy(server), ...printedBy(client)]);
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toBe("42");
  });

  test("takes about ten lines", () => {
    for (const program of examples()) {
      expect(program.trim().split("\n").length).toBeLessThanOrEqual(14);
    }
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAIN } from "./program.ts";

const CHURN = new URL("./churn.mjs", import.meta.url).href;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-memory-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** By how many times the heap was larger than what was alive, once the file `begun` is there. */
async function growthOf(args: readonly string[], begun: string): Promise<number> {
  const result = join(folder, "result");
  const env = { ...process.env, CHURN_AFTER: begun, CHURN_RESULT: result };
  const child = spawn(process.execPath, ["--import", CHURN, ...args], { env, stdio: "ignore" });
  const exit = once(child, "exit");
  const growth = async (): Promise<number> => {
    for (;;) {
      const text = readResult(result);
      if (text !== "") return Number(text);
      if (child.exitCode !== null) throw new Error("the process has ended");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  try {
    return await growth();
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
}

function readResult(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

// By itself V8 takes 4.4 times here (Node 20).
test("the heap of lockstep serve stays within about twice what is alive", async () => {
  const own = ["--id", "s1", "--cluster", "memory", "--folder", join(folder, "s1")];
  const serve = [MAIN, "serve", ...own, "--server", "s1=127.0.0.1:1", "--listen", "127.0.0.1:0"];
  expect(await growthOf(serve, join(folder, "s1", "server.json"))).toBeLessThan(3);
});

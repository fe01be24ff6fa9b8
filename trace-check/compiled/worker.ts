/** What runs in a worker thread: files to check come one at a time, and what came of each goes. */
import { parentPort } from "node:worker_threads";
import { checkFile } from "./check-file.ts";
import type { Answer, Task } from "./pool.ts";

parentPort?.on("message", async ({ file, rules }: Task) => {
  parentPort?.postMessage(await answerTo(file, rules));
});

async function answerTo(file: string, rules: readonly string[] | null): Promise<Answer> {
  try {
    return { check: await checkFile(file, rules) };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

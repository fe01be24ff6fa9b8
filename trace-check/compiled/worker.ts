/** What runs in a worker thread: files to check come one at a time, and what came of each goes. */
import { parentPort } from "node:worker_threads";
import { checkExecution } from "./check-execution.ts";
import { checkFile } from "./check-file.ts";
import type { Answer, Task } from "./pool.ts";

parentPort?.on("message", async (task: Task) => {
  parentPort?.postMessage(await answerTo(task));
});

async function answerTo({ files, isExecution, rules }: Task): Promise<Answer> {
  try {
    if (isExecution) return { check: await checkExecution(files, rules) };
    return { check: await checkFile(files[0] ?? "", rules) };
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/**
 * One measured process of the compiled engine, as `lockstep check` is one: checks the traces of a
 * folder again and again, which are of one shape. Prints one JSON line, a `CheckedAgain`.
 *
 * Usage: node check-compiled-run.js FOLDER RUNS WARM-UPS
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkFile } from "../../trace-check/compiled/check-file.ts";
import { countReceipts } from "../../trace-check/compiled/count-receipts.ts";
import { openTrace } from "../trace/reader.ts";

/** What the process took, in CPU seconds a run. */
export interface CheckedAgain {
  readonly checking: readonly number[];
  /** Reading alone, without the spec. */
  readonly reading: readonly number[];
  /** The most memory that checking took, in KiB. */
  readonly peak: number;
}

async function checkAll(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const check = await checkFile(file, null);
    if (check.kind !== "valid") throw new Error(`${file} is not valid: nothing was measured`);
  }
}

async function readAll(files: readonly string[]): Promise<void> {
  for (const file of files) {
    await countReceipts([file]);
    for await (const _ of (await openTrace(file)).batches) {
      // Its events are there.
    }
  }
}

async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

async function again(runs: number, warmUps: number, work: () => Promise<void>): Promise<number[]> {
  const seconds: number[] = [];
  for (let run = 0; run < warmUps + runs; run++) seconds.push(await cpuSeconds(work));
  return seconds.slice(warmUps);
}

const [folder = "", runs, warmUps] = process.argv.slice(2);
const files = readdirSync(folder).map((name) => join(folder, name));
const checking = await again(Number(runs), Number(warmUps), () => checkAll(files));
const peak = process.resourceUsage().maxRSS;
const reading = await again(Number(runs), Number(warmUps), () => readAll(files));
console.log(JSON.stringify({ checking, reading, peak } satisfies CheckedAgain));

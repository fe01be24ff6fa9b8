import { createReadStream, createWriteStream, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { type CheckResult, checkPaths } from "../../../trace-check/check.ts";
import { createFileEngine } from "../../../trace-check/compiled/engine.ts";
import { readWords } from "../../../trace-check/words.ts";
import { packageFolder } from "../../setup/environment.ts";

/** How fast a cluster makes events, and how fast they are checked. */
export interface Validation {
  readonly events: number;
  readonly producedPerSecond: number;
  readonly checkedPerSecond: number;
  /** Of the processor, which other work on the machine does not take away. */
  readonly checkedPerCpuSecond: number;
  /** How many events of each action there were. */
  readonly actions: CheckResult["coverage"];
}

export interface ValidationOptions {
  /** How long the cluster was under load. */
  readonly seconds: number;
  /** How many executions are in the folder: 1 by itself. */
  readonly executions?: number;
  /** How many threads check them: 1 by itself. */
  readonly workers?: number;
}

/**
 * Checks the traces that a cluster has left in a folder, by the compiled spec.
 *
 * @throws Error where the traces do not hold: then nothing was measured
 */
export async function measureValidation(
  folder: string,
  { seconds, executions = 1, workers = 1 }: ValidationOptions,
): Promise<Validation> {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  const { events, valid, invalid, malformed, coverage } = await checkPaths([folder], {
    engine: createFileEngine(workers),
    words: await readWords(packageFolder()),
  });
  if (valid !== executions || invalid > 0 || malformed.length > 0) {
    throw new Error(`the traces in ${folder} are not valid: lockstep check says why`);
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    events,
    producedPerSecond: events / seconds,
    checkedPerSecond: (1000 * events) / (performance.now() - begin),
    checkedPerCpuSecond: (1_000_000 * events) / (user + system),
    actions: coverage,
  };
}

/** Makes executions of their own of the one whose traces are in a folder, so many, into another. */
export async function copyExecution(folder: string, into: string, copies: number): Promise<void> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
  for (let copy = 1; copy <= copies; copy++) {
    const place = join(into, String(copy));
    mkdirSync(place, { recursive: true });
    for (const name of names) {
      await copyAs(`copy ${copy}`, join(folder, name), join(place, name));
    }
  }
}

/** Copies a trace under the name of another execution, which its first line says. */
async function copyAs(execution: string, from: string, to: string): Promise<void> {
  const header = await firstLine(from);
  const target = createWriteStream(to);
  target.write(JSON.stringify({ ...JSON.parse(header), execution }));
  await pipeline(createReadStream(from, { start: Buffer.byteLength(header) }), target);
}

async function firstLine(file: string): Promise<string> {
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input })) return line;
    throw new Error(`${file} is empty`);
  } finally {
    input.destroy();
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { builtProgram } from "../cluster/processes/built-program.ts";
import { makeScratchFolder } from "../setup/scratch.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import type { RestartRun } from "./restart-run.ts";

/** How many commands are behind the server, where no other number is asked for. */
const COMMANDS = 1_000_000;

const MIB = 1024 * 1024;

/** The bound of a log is 32 MiB of commands; a segment is 16 MiB, and a spare one is kept ready. */
const MOST_DISK_BYTES = 128 * MIB;

/**
 * One server with a million commands of 100 bytes behind it, killed (SIGKILL) and started again: what
 * the restart takes, until it leads and has answered a read; and what the million took of memory and
 * disk.
 */
export const restartBenchmark: Benchmark = {
  name: "restart",
  summary: "a server's restart with a million commands behind it, its memory and disk",
  measure: async (runs, progress, { commands = COMMANDS }) => {
    const scratch = makeScratchFolder("lockstep-restart-");
    try {
      progress(`restart: ${commands} commands`);
      const begin = performance.now();
      const filled = await run(scratch.folder, commands);
      const seconds = (performance.now() - begin) / 1000;
      const restarts: number[] = [];
      for (let i = 1; i <= runs; i++) {
        const restarted = performance.now();
        await run(scratch.folder, 0);
        restarts.push((performance.now() - restarted) / 1000);
        progress(`restart: run ${i} of ${runs}`);
      }
      return figures(filled, commands / seconds, restarts);
    } finally {
      await scratch.remove();
    }
  },
};

function figures(
  { lastIndex, rssEarly, rssMost, diskMost }: RestartRun,
  rate: number,
  restarts: readonly number[],
): readonly Figure[] {
  return [
    { what: "commands in the log's history", value: lastIndex, unit: "", asked: null },
    { what: "executed", value: rate, unit: "commands a second", asked: null },
    {
      what: "restart until a read is answered, the longest",
      value: Math.max(...restarts),
      unit: "s",
      asked: { most: 5 },
    },
    {
      what: "disk, the most",
      value: diskMost / MIB,
      unit: "MiB",
      asked: { most: MOST_DISK_BYTES / MIB },
    },
    {
      what: "memory, the most of the first half",
      value: rssEarly / MIB,
      unit: "MiB",
      asked: null,
    },
    {
      what: "memory, that of the second half by that of the first",
      value: rssMost / rssEarly,
      unit: "times",
      asked: { most: 1.1 },
    },
  ];
}

/** Runs a server until it says that it is ready, and kills it. */
async function run(folder: string, commands: number): Promise<RestartRun> {
  const program = builtProgram(import.meta.url, "restart-run");
  const child = spawn(process.execPath, [program, folder, String(commands)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await firstLine(child);
  } finally {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}

async function firstLine(child: ChildProcess): Promise<RestartRun> {
  if (child.stdout === null) throw new Error("the server has no output");
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error("the server ended by itself");
}

/**
 * A cluster of one server, in a process of its own, for `restart.ts`. It runs until it is killed.
 *
 * Usage: node restart-run.js FOLDER COMMANDS
 * Executes so many commands, and prints a line of JSON when it leads and has executed them: how many
 * the log has, and what memory it took.
 */
import type { Outcome } from "../node/door.ts";
import type { NodeServer } from "../node/node-server.ts";
import { startServer } from "../node/start-server.ts";
import { KeyValueMachine } from "../node/state-machine.ts";

/** What a run prints. */
export interface RestartRun {
  readonly lastIndex: number;
  /** The most while the first half was executed, and the most after that, in bytes. */
  readonly rssEarly: number;
  readonly rssMost: number;
  readonly diskMost: number;
}

const UNDER_WAY = 256;
const KEYS = 10_000;
const VALUE = "v".repeat(100);

/** The server's memory and disk are looked at as often. */
const SAMPLES = 200;

if (process.argv.length === 4) {
  const [, , folder = "", count = ""] = process.argv;
  const result = await run(folder, Number(count));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function run(folder: string, count: number): Promise<RestartRun> {
  const server = await startServer({
    id: "s1",
    clusterId: "restart",
    servers: { s1: "127.0.0.1:1" },
    folder,
    machine: new KeyValueMachine(),
    timing: { heartbeatMs: 10, electionTimeoutMs: 20 },
    openTransport: async () => ({ send: () => {}, close: async () => {} }),
  });
  while (server.status().role !== "Leader") await new Promise((wait) => setTimeout(wait, 1));
  await server.query(JSON.stringify({ type: "get", key: "k1" }));
  return await execute(server, count);
}

function execute(server: NodeServer, count: number): Promise<RestartRun> {
  return new Promise((resolve, reject) => {
    let proposed = 0;
    let executed = 0;
    let rssEarly = 0;
    let rssMost = 0;
    let diskMost = 0;
    const sample = (): void => {
      const rss = process.memoryUsage.rss();
      if (executed * 2 <= count) rssEarly = Math.max(rssEarly, rss);
      else rssMost = Math.max(rssMost, rss);
      const disk = server.metrics().find(({ name }) => name === "lockstep_disk_bytes");
      diskMost = Math.max(diskMost, disk?.samples[0]?.value ?? 0);
    };
    const done = (outcome: Outcome): void => {
      if (outcome.status !== "executed") {
        reject(new Error(JSON.stringify(outcome)));
        return;
      }
      executed++;
      if (executed % Math.ceil(count / SAMPLES) === 0) sample();
      if (executed === count) finish();
      else if (proposed < count) next();
    };
    const next = (): void => {
      const key = `k${proposed++ % KEYS}`;
      server.propose(JSON.stringify({ operation: { type: "put", key, value: VALUE } }), done);
    };
    const finish = (): void => {
      const { lastIndex } = server.status();
      resolve({ lastIndex, rssEarly, rssMost, diskMost });
    };
    if (count === 0) finish();
    for (let i = 0; i < Math.min(UNDER_WAY, count); i++) next();
  });
}

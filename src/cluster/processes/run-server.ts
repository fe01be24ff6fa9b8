import { readFileSync } from "node:fs";
import { nodeFiles } from "../../node/files/node-files.ts";
import type { Log } from "../../node/log.ts";
import type { NodeServerOptions } from "../../node/options.ts";
import { startServer } from "../../node/start-server.ts";
import { KeyValueMachine } from "../../node/state-machine.ts";
import { FailingDisk } from "../disk/failing-disk.ts";
import { RecordedFiles } from "../disk/recorded-files.ts";
import type { FromServer, ServerConfig, ToServer } from "./server-messages.ts";

/** Other parts of a server than its own, at the seams of `startServer`. */
export type Seams = Pick<NodeServerOptions, "openStorage" | "openTransport" | "rules">;

/** Shorter than by default, so that a cluster is soon without a leader, and soon has another. */
const TIMING = { heartbeatMs: 50, electionTimeoutMs: 250 };

/** Small, so that logs are compacted and snapshots sent within seconds. */
const SEGMENT_BYTES = 64 * 1024;
const SNAPSHOT_BYTES = 32 * 1024;

/**
 * Runs the server whose configuration file is the program's argument, until SIGTERM, a failure, or
 * the end of who started it. Seams let a program run a server with a bug in it.
 */
export async function runServer(seams: Seams): Promise<void> {
  const [, , file] = process.argv;
  if (file === undefined) throw new Error("the configuration file is missing");
  const config = JSON.parse(readFileSync(file, "utf8")) as ServerConfig;
  const { notesFolder, ...own } = config;
  const disk = new FailingDisk(nodeFiles);
  process.on("message", (message) => {
    disk.failure = (message as ToServer).disk;
  });
  process.on("disconnect", () => process.exit());
  const server = await startServer({
    ...own,
    ...seams,
    files: notesFolder === null ? disk : new RecordedFiles(disk, notesFolder),
    machine: new KeyValueMachine(),
    timing: TIMING,
    segmentBytes: SEGMENT_BYTES,
    limits: { snapshotBytes: SNAPSHOT_BYTES },
    log: logLine,
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => server.stop());
  tell({ ready: true });
  const failure = await server.stopped;
  process.exit(failure === null ? 0 : 1);
}

const logLine: Log = (level, message, fields = {}) => {
  if (message === "role") tell({ role: String(fields.role), term: Number(fields.term) });
  const time = new Date().toISOString();
  process.stderr.write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
};

function tell(message: FromServer): void {
  if (process.connected) process.send?.(message);
}

/** `lockstep cluster`: real processes on this machine, struck with faults and judged. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkPaths } from "../../trace-check/check.ts";
import { readWords } from "../../trace-check/words.ts";
import { type ClusterProgress, runCluster } from "../cluster/run-cluster.ts";
import { packageFolder } from "../setup/environment.ts";
import { engineNamed } from "./checking/engine.ts";
import { parseClusterArguments } from "./clustering/arguments.ts";
import { interruption } from "./clustering/interruption.ts";
import { documentOf, exitCodeOf, type JudgedRun, summaryText } from "./clustering/summary.ts";
import type { Command } from "./command.ts";
import { outFolder } from "./out-folder.ts";
import { counted } from "./progress.ts";

const HELP = `Runs a cluster on this machine, each server a process with its own folder, and clients that put,
read, delete and swap values. With --chaos it is struck meanwhile: kill -9, loss of power (what was
not fsynced is gone), SIGSTOP, partitions (also one-way), delays, cut connections, full and failing
disks. At the end everything is judged: every step of every server against the spec, what the
clients saw for linearizability, the disks for all that was acknowledged. Ctrl-C, or SIGTERM, ends
the run early, and what there is until then is judged; a second one ends it at once.

Usage: lockstep cluster [OPTIONS]

Options:
  --servers N    how many servers (3)
  --seconds T    how long (10)
  --chaos        strike it with faults
  --clients N    how many clients (8)
  --pause MS     the mean pause of a client between two operations (20)
  --seed S       what the faults and the workload are made from (random)
  --out DIR      where everything is kept: a new or empty folder (cluster-SEED)
  --engine tlc|compiled|both
                 what judges the steps: TLC; the spec compiled to JavaScript, which needs no Java
                 (the default); or both, which must agree
  --json         one JSON document on standard output

Examples:
  lockstep cluster --seconds 5
  lockstep cluster --servers 5 --seconds 60 --chaos
  lockstep cluster --chaos --seed 42 --out run && lockstep check --engine compiled run

Exit codes: 0 everything holds; 1 a step diverges from the spec, the history is not linearizable,
something acknowledged was lost, or the cluster did not serve; 2 bad usage; 3 the machine lacks
something, or nothing was found wrong, but the history of a key was too much for the check of
linearizability to decide (--json says so as "verdict": "undecided"; fewer --clients are easier).
`;

const INTERRUPTED =
  "interrupted: what there is until now is judged; a second signal ends it at once";

export const clusterCommand: Command = {
  name: "cluster",
  summary: "Run a cluster of processes, strike it with faults, and judge it.",
  help: HELP,
  run: async (args, io) => {
    const begin = performance.now();
    const options = parseClusterArguments(args);
    const { folder, engine, json } = options;
    outFolder(folder);
    const say = (line: string) => io.stderr(`${line}\n`);
    const { servers, seconds, seed } = options;
    say(
      `running ${counted(servers, "server")} for ${seconds} s, seed ${seed}; everything is kept in ${folder}`,
    );
    const judge = `lockstep check --engine compiled ${folder}`;
    const tellKept = (): void =>
      say(
        `what there is until then is kept in ${folder}; ${judge} holds its steps against the spec`,
      );
    process.once("exit", tellKept);
    const interrupted = interruption(() => say(INTERRUPTED));
    const result = await runCluster({
      ...options,
      onProgress: (progress) => say(progressLine(progress, options.seconds)),
      signal: interrupted.signal,
    });
    interrupted.end();
    say("checking every step");
    const check = await checkPaths([join(folder, "traces")], {
      engine: engineNamed(engine, 1, io),
      words: await readWords(packageFolder()),
    });
    const run: JudgedRun = { options, result, check, seconds: (performance.now() - begin) / 1000 };
    process.removeListener("exit", tellKept);
    writeFileSync(join(folder, "result.json"), documentOf(run));
    io.stdout(json ? documentOf(run) : summaryText(run, io));
    return exitCodeOf(run);
  },
};

function progressLine({ seconds, answered, faults, up }: ClusterProgress, of: number): string {
  const parts = [
    counted(answered, "operation"),
    counted(faults, "fault"),
    `${counted(up, "server")} up`,
  ];
  return `${seconds.toFixed(0).padStart(4)} s of ${of}: ${parts.join(", ")}`;
}

import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type ChaosCounts, Injector } from "./chaos/injector.ts";
import { chaosSchedule, type ScheduledFault } from "./chaos/schedule.ts";
import { Acknowledged, type LostWrite } from "./disk/acknowledged.ts";
import { readDisks } from "./disk/read-disks.ts";
import { findDifference } from "./disk/replicas.ts";
import { LocalCluster } from "./local-cluster.ts";
import { Workload } from "./workload/clients.ts";
import { connectClient } from "./workload/connect.ts";
import { History, type HistoryJudgement } from "./workload/history.ts";
import { readAll } from "./workload/last-reads.ts";

export interface ClusterOptions {
  readonly servers: number;
  readonly seconds: number;
  readonly clients: number;
  readonly seed: number;
  /** The mean pause of a client between two operations. */
  readonly pauseMilliseconds: number;
  /** Everything is kept there; it is made, or empty. */
  readonly folder: string;
  /** What is done to the cluster; empty for nothing. Absent: what `chaosSchedule` gives. */
  readonly chaos: boolean | readonly ScheduledFault[];
  /** The program of a server, in place of the own one: one with a bug in it perhaps. */
  readonly program?: string;
  readonly onProgress: (progress: ClusterProgress) => void;
  /** Ends the run early: what there is until then is judged. */
  readonly signal: AbortSignal;
}

export interface ClusterProgress {
  readonly seconds: number;
  readonly answered: number;
  readonly faults: number;
  readonly up: number;
}

/** What came of a run: the traces are judged by who called. */
export interface ClusterResult {
  readonly traces: readonly string[];
  readonly chaos: ChaosCounts;
  readonly history: HistoryJudgement;
  readonly historyFile: string;
  /** Writes that were acknowledged. */
  readonly acknowledged: number;
  readonly lost: LostWrite | null;
  /** What should not have happened: a server that ended by itself, a cluster that never served again. */
  readonly failures: readonly string[];
  readonly clientFailures: Readonly<Record<string, number>>;
  /** After how many seconds the signal ended it early; null where it did not. */
  readonly interruptedAfter: number | null;
  readonly seconds: number;
}

/** What the clients saw, and what was done to the cluster, in the folder of a run. */
const HISTORY = "history.jsonl";
const CHAOS = "chaos.jsonl";

/** How long a cluster that is whole again may take until it serves; one that has failed already. */
const PATIENCE_MILLISECONDS = 30_000;
const FAILED_PATIENCE_MILLISECONDS = 3000;

/**
 * Runs a cluster of processes on this machine with clients, strikes it with faults, has it heal,
 * and judges what the clients saw and what is on the disks. No process is left behind.
 */
export async function runCluster(options: ClusterOptions): Promise<ClusterResult> {
  const run = new Run(options);
  try {
    return await run.toEnd();
  } finally {
    await run.close();
  }
}

class Run {
  readonly #options: ClusterOptions;
  readonly #failures: string[] = [];
  readonly #acknowledged = new Acknowledged();
  readonly #historyFile: WriteStream;
  readonly #chaosFile: WriteStream;
  readonly #history: History;
  #cluster: LocalCluster | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#historyFile = createWriteStream(join(options.folder, HISTORY));
    this.#chaosFile = createWriteStream(join(options.folder, CHAOS));
    this.#history = new History((line) => this.#historyFile.write(line));
  }

  async toEnd(): Promise<ClusterResult> {
    const { servers, folder, program, seed, seconds, signal } = this.#options;
    const cluster = await LocalCluster.start({
      servers,
      folder,
      clusterId: `cluster-${seed}`,
      program,
      isTraced: true,
      notesLosses: true,
      onCrash: (reason) => this.#failures.push(reason),
    });
    this.#cluster = cluster;
    await this.#untilServing(cluster, "after the start");
    const begin = performance.now();
    const injector = this.#injectorFor(cluster, begin);
    const workload = this.#workloadOn(cluster);
    const progress = setInterval(() => this.#tell(cluster, injector, begin), 1000);
    workload.start();
    const schedule = this.#schedule();
    await Promise.all([
      injector.run(schedule, signal),
      wait(seconds * 1000, undefined, { signal }).catch(() => {}),
    ]);
    clearInterval(progress);
    const interruptedAfter = signal.aborted ? (performance.now() - begin) / 1000 : null;
    injector.heal();
    const serves = await this.#untilServing(cluster, "after all faults were over");
    if (!serves) workload.abandon();
    await workload.stop();
    await this.#readAll(cluster, workload.keys);
    await cluster.stop();
    const disks = await readDisks(cluster, (reason) => this.#failures.push(reason));
    const difference = findDifference(disks, this.#acknowledged.highestIndex);
    if (difference !== null) this.#failures.push(difference);
    return {
      traces: cluster.servers.map(({ id }) => cluster.traceFile(id)),
      chaos: injector.counts,
      history: this.#history.finish(),
      historyFile: join(folder, HISTORY),
      acknowledged: this.#acknowledged.count,
      lost: this.#acknowledged.findLost(disks),
      failures: this.#failures,
      clientFailures: Object.fromEntries(workload.failures),
      interruptedAfter,
      seconds: (performance.now() - begin) / 1000,
    };
  }

  async close(): Promise<void> {
    await this.#cluster?.close();
    for (const file of [this.#historyFile, this.#chaosFile]) {
      file.end();
      await once(file, "finish");
    }
  }

  #schedule(): readonly ScheduledFault[] {
    const { chaos, seed, servers, seconds } = this.#options;
    if (chaos === false) return [];
    return chaos === true ? chaosSchedule(seed, servers, seconds) : chaos;
  }

  #injectorFor(cluster: LocalCluster, begin: number): Injector {
    return new Injector({
      seed: this.#options.seed,
      servers: cluster.servers,
      network: cluster.network,
      notesFolder: (id) => cluster.notesFolder(id),
      onEvent: (event) => {
        const seconds = Number(((performance.now() - begin) / 1000).toFixed(3));
        this.#chaosFile.write(`${JSON.stringify({ seconds, ...event })}\n`);
      },
    });
  }

  #workloadOn(cluster: LocalCluster): Workload {
    const { clients, seed, pauseMilliseconds } = this.#options;
    return new Workload({
      clients,
      seed,
      pauseMilliseconds,
      connect: (name) => connectClient(cluster, name),
      history: this.#history,
      onExecuted: (operation, index) => this.#acknowledged.add(index, operation),
    });
  }

  /** Waits until a client is answered; notes where none is. */
  async #untilServing(cluster: LocalCluster, when: string): Promise<boolean> {
    const client = connectClient(cluster, `probe ${when}`);
    const probe = client.execute({ type: "put", key: "probe", value: when }).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const hasFailed = this.#failures.length > 0;
    const milliseconds = hasFailed ? FAILED_PATIENCE_MILLISECONDS : PATIENCE_MILLISECONDS;
    const patience = wait(milliseconds, "nobody answered", { ref: false });
    const problem = await Promise.race([probe, patience]);
    client.close();
    if (problem !== null) this.#failures.push(`the cluster does not serve ${when}: ${problem}`);
    return problem === null;
  }

  async #readAll(cluster: LocalCluster, keys: readonly string[]): Promise<void> {
    if (this.#failures.length > 0) return;
    const client = connectClient(cluster, "reader");
    try {
      await readAll(client, keys, this.#history);
    } catch (error) {
      this.#failures.push(`the last read failed: ${String(error)}`);
    } finally {
      client.close();
    }
  }

  #tell(cluster: LocalCluster, injector: Injector, begin: number): void {
    this.#options.onProgress({
      seconds: (performance.now() - begin) / 1000,
      answered: this.#history.answered,
      faults: injector.events,
      up: cluster.servers.filter(({ isReady, isPaused }) => isReady && !isPaused).length,
    });
  }
}

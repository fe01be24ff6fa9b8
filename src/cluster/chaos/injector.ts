import { setTimeout as wait } from "node:timers/promises";
import { Random } from "../../sim/random.ts";
import { losePower } from "../disk/lose-power.ts";
import type { Condition, Network } from "../network/network.ts";
import type { ServerProcess } from "../processes/server-process.ts";
import type { DiskFault, Fault, ScheduledFault, Target } from "./schedule.ts";

export interface InjectorOptions {
  readonly seed: number;
  readonly servers: readonly ServerProcess[];
  readonly network: Network;
  /** Where a server notes what a loss of power would take. */
  notesFolder(server: string): string;
  /** What was done, as it is done. */
  onEvent(event: ChaosEvent): void;
}

/** Something done to the cluster, or undone. */
export interface ChaosEvent {
  readonly what: string;
  readonly servers: readonly string[];
  readonly detail?: string;
}

/** How often each thing was done. */
export interface ChaosCounts {
  kills: number;
  /** Of the kills, those at which what was not fsynced was lost. */
  powerLosses: number;
  /** Bytes that these took. */
  bytesLost: number;
  pauses: number;
  partitions: number;
  oneWayPartitions: number;
  delays: number;
  cuts: number;
  diskFailures: number;
}

/** The counts before anything was done. */
export function noChaos(): ChaosCounts {
  return {
    kills: 0,
    powerLosses: 0,
    bytesLost: 0,
    pauses: 0,
    partitions: 0,
    oneWayPartitions: 0,
    delays: 0,
    cuts: 0,
    diskFailures: 0,
  };
}

/** Strikes a running cluster with faults, and takes them back. */
export class Injector {
  readonly counts = noChaos();
  readonly #options: InjectorOptions;
  readonly #random: Random;
  /** What holds or delays the network now, by the fault that does. */
  readonly #conditions = new Map<ScheduledFault, readonly Condition[]>();
  /** Servers that are down by a fault which will start them again. */
  readonly #down = new Set<ServerProcess>();

  constructor(options: InjectorOptions) {
    this.#options = options;
    this.#random = new Random(options.seed ^ 0x5eed);
  }

  /** Runs the schedule from now on. Ends when the last fault is over. */
  async run(schedule: readonly ScheduledFault[], signal: AbortSignal): Promise<void> {
    const begin = performance.now();
    const running: Promise<void>[] = [];
    for (const scheduled of schedule) {
      const delay = begin + scheduled.at - performance.now();
      await wait(Math.max(0, delay), undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      running.push(this.#strike(scheduled, signal));
    }
    await Promise.all(running);
  }

  /** Takes back everything: all servers run, and all goes through. */
  heal(): void {
    this.#conditions.clear();
    this.#options.network.set([]);
    for (const server of this.#options.servers) {
      server.resume();
      server.start();
    }
  }

  async #strike(scheduled: ScheduledFault, signal: AbortSignal): Promise<void> {
    const pause = (milliseconds: number) =>
      wait(milliseconds, undefined, { signal }).catch(() => undefined) as Promise<void>;
    const over = () => pause(scheduled.milliseconds);
    const { fault } = scheduled;
    switch (fault.kind) {
      case "kill":
      case "powerLoss":
        return await this.#crash(this.#serversOf(fault.targets), fault.kind, over);
      case "pause":
        return await this.#pause(this.#serverOf(fault.target), over);
      case "partition":
      case "oneWay":
      case "delay":
        return await this.#disturb(scheduled, fault, over);
      case "cut":
        return this.#cut(this.#serverOf(fault.target));
      case "disk":
        return await this.#failDisk(
          this.#serverOf(fault.target),
          fault.failure,
          scheduled.milliseconds,
          pause,
        );
    }
  }

  async #crash(
    targets: readonly ServerProcess[],
    kind: "kill" | "powerLoss",
    over: () => Promise<void>,
  ): Promise<void> {
    const struck = targets.filter((server) => server.isUp && !this.#down.has(server));
    if (struck.length === 0) return;
    for (const server of struck) this.#down.add(server);
    await Promise.all(struck.map((server) => server.kill()));
    this.counts.kills += struck.length;
    let detail = "kill -9";
    if (kind === "powerLoss") {
      this.counts.powerLosses += struck.length;
      const lost = struck.map(({ id }) => losePower(this.#options.notesFolder(id), this.#random));
      const bytes = lost.reduce((sum, one) => sum + one.bytes, 0);
      this.counts.bytesLost += bytes;
      detail = `kill -9 and loss of power, ${bytes} bytes lost`;
    }
    this.#tell("crash", struck, detail);
    await over();
    for (const server of struck) {
      this.#down.delete(server);
      server.start();
    }
    this.#tell("start", struck);
  }

  async #pause(server: ServerProcess, over: () => Promise<void>): Promise<void> {
    if (!server.isUp || server.isPaused) return;
    server.pause();
    this.counts.pauses++;
    this.#tell("pause", [server]);
    await over();
    server.resume();
    this.#tell("resume", [server]);
  }

  async #disturb(
    scheduled: ScheduledFault,
    fault: Extract<Fault, { readonly kind: "partition" | "oneWay" | "delay" }>,
    over: () => Promise<void>,
  ): Promise<void> {
    const struck = this.#serversOf(fault.kind === "partition" ? fault.side : [fault.target]);
    this.#conditions.set(scheduled, this.#conditionsOf(fault, struck));
    this.#imposeConditions();
    const detail = this.#countDisturbance(fault);
    this.#tell(fault.kind, struck, detail);
    await over();
    if (!this.#conditions.delete(scheduled)) return;
    this.#imposeConditions();
    this.#tell(`${fault.kind} over`, struck);
  }

  #countDisturbance(fault: Extract<Fault, { readonly kind: "partition" | "oneWay" | "delay" }>) {
    switch (fault.kind) {
      case "partition":
        this.counts.partitions++;
        return "nothing passes between them and the others";
      case "oneWay":
        this.counts.oneWayPartitions++;
        return fault.direction === "deaf" ? "nothing reaches it" : "nothing of it reaches others";
      case "delay":
        this.counts.delays++;
        return `${fault.by} ms each way`;
    }
  }

  #conditionsOf(
    fault: Extract<Fault, { readonly kind: "partition" | "oneWay" | "delay" }>,
    struck: readonly ServerProcess[],
  ): readonly Condition[] {
    const side = struck.map(({ id }) => id);
    const others = this.#options.network.servers.filter((id) => !side.includes(id));
    const pairs = side.flatMap((one) => others.map((other) => [one, other] as const));
    const isHeld = fault.kind !== "delay";
    const delayMilliseconds = fault.kind === "delay" ? fault.by : 0;
    const out = pairs.map(([from, to]) => ({ from, to, isHeld, delayMilliseconds }));
    const back = pairs.map(([to, from]) => ({ from, to, isHeld, delayMilliseconds }));
    if (fault.kind !== "oneWay") return [...out, ...back];
    return fault.direction === "mute" ? out : back;
  }

  #imposeConditions(): void {
    this.#options.network.set([...this.#conditions.values()].flat());
  }

  #cut(server: ServerProcess): void {
    const { network } = this.#options;
    for (const other of network.servers) {
      if (other !== server.id) network.cut(server.id, other);
    }
    this.counts.cuts++;
    this.#tell("cut", [server], "its connections were ended");
  }

  /** The server is killed when the time is over, unless it has ended, and begins with a good disk. */
  async #failDisk(
    server: ServerProcess,
    fault: DiskFault,
    milliseconds: number,
    pause: (milliseconds: number) => Promise<void>,
  ): Promise<void> {
    if (!server.isUp || !server.isReady || this.#down.has(server)) return;
    // Where the power fails later, that has its part of the time as well.
    const part = fault === "fsyncThenStart" ? milliseconds / 3 : milliseconds;
    this.#down.add(server);
    server.failDisk(fault === "full" ? "full" : "fsync");
    this.counts.diskFailures++;
    this.#tell("disk", [server], fault === "full" ? "it is full" : "its fsync fails");
    await pause(part);
    await server.kill();
    // What an fsync did not make durable is gone (the "fsyncgate" of 2018).
    if (fault === "fsyncThenPowerLoss") {
      losePower(this.#options.notesFolder(server.id), this.#random);
    }
    this.#down.delete(server);
    server.start();
    this.#tell("start", [server], "with a good disk");
    if (fault !== "fsyncThenStart") return;
    await untilReady(server, pause);
    await pause(part);
    await this.#crash([server], "powerLoss", () => pause(part));
  }

  #serversOf(targets: readonly Target[]): readonly ServerProcess[] {
    return [...new Set(targets.map((target) => this.#serverOf(target)))];
  }

  /** The leader of the highest term that is up; any server where there is none. */
  #serverOf(target: Target): ServerProcess {
    const { servers } = this.#options;
    const named = typeof target === "number" ? servers[target] : leaderOf(servers);
    return named ?? this.#random.pick(servers);
  }

  /** How many faults were struck. */
  get events(): number {
    const { kills, pauses, partitions, oneWayPartitions, delays, cuts, diskFailures } = this.counts;
    return kills + pauses + partitions + oneWayPartitions + delays + cuts + diskFailures;
  }

  #tell(what: string, servers: readonly ServerProcess[], detail?: string): void {
    const ids = servers.map(({ id }) => id);
    this.#options.onEvent({ what, servers: ids, ...(detail === undefined ? {} : { detail }) });
  }
}

/** Waits until the server runs, though not for ever. */
async function untilReady(
  server: ServerProcess,
  pause: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let waited = 0; waited < 2000 && !server.isReady; waited += 20) await pause(20);
}

function leaderOf(servers: readonly ServerProcess[]): ServerProcess | undefined {
  const leaders = servers.filter(({ leadsTerm }) => leadsTerm !== null);
  return leaders.sort((a, b) => (b.leadsTerm ?? 0) - (a.leadsTerm ?? 0))[0];
}

import { Random } from "../../sim/random.ts";

/** Whom a fault strikes: the leader of that moment, or a server by its place. */
export type Target = "leader" | number;

/** What is done to a running cluster, and undone after `milliseconds`. */
export type Fault =
  /** kill -9; started again after that time. */
  | { readonly kind: "kill"; readonly targets: readonly Target[] }
  /** kill -9 as when the power fails: what was written and not yet fsynced may be gone. */
  | { readonly kind: "powerLoss"; readonly targets: readonly Target[] }
  /** SIGSTOP, then SIGCONT. */
  | { readonly kind: "pause"; readonly target: Target }
  /** Nothing passes between this side and all others. */
  | { readonly kind: "partition"; readonly side: readonly Target[] }
  /** The server hears nothing (or is not heard) any more; the other direction goes on. */
  | { readonly kind: "oneWay"; readonly target: Target; readonly direction: "deaf" | "mute" }
  /** Everything to and from the server takes longer. */
  | { readonly kind: "delay"; readonly target: Target; readonly by: number }
  /** The server's connections to all others are ended; it may connect again at once. */
  | { readonly kind: "cut"; readonly target: Target }
  /** The server's disk is full, or fails at its next fsync; it is then started again. */
  | { readonly kind: "disk"; readonly target: Target; readonly failure: DiskFault };

/**
 * After an fsync that failed the power fails, and what was not written is lost: before the server
 * starts again, or only when it has run again for a while, and has gone by what it read.
 */
export type DiskFault = "full" | "fsyncThenPowerLoss" | "fsyncThenStart";

export interface ScheduledFault {
  /** Milliseconds from the start of the workload. */
  readonly at: number;
  /** How long it lasts. */
  readonly milliseconds: number;
  readonly fault: Fault;
}

const DISK_FAULTS: readonly DiskFault[] = ["full", "fsyncThenPowerLoss", "fsyncThenStart"];

/** The length of a round; each round has the faults of `ROUND`. */
const ROUND_MILLISECONDS = 3000;

/** The quiet time at the end, in which the cluster is whole. */
const QUIET_MILLISECONDS = 2000;

/**
 * What is done to a cluster of `servers` in that many seconds: the same for the same seed. Each
 * round of three seconds has two strikes of kill -9 or power loss, a partition, and one of the
 * other faults, at random moments, so that faults overlap. The leader is struck as often as not.
 */
export function chaosSchedule(
  seed: number,
  servers: number,
  seconds: number,
): readonly ScheduledFault[] {
  const random = new Random(seed);
  const faults: ScheduledFault[] = [];
  const end = seconds * 1000 - QUIET_MILLISECONDS;
  for (let begin = 500; begin + ROUND_MILLISECONDS / 2 <= end; begin += ROUND_MILLISECONDS) {
    const most = Math.min(begin + ROUND_MILLISECONDS, end);
    for (const fault of roundOf(random, servers)) {
      const at = random.between(begin, most - 1);
      const milliseconds = Math.min(random.between(200, 1500), end - at);
      faults.push({ at, milliseconds, fault });
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}

function roundOf(random: Random, servers: number): readonly Fault[] {
  const target = () => targetOf(random, servers);
  const crash = (): Fault => ({
    kind: random.happens(400) ? "powerLoss" : "kill",
    targets: targetsOf(random, servers),
  });
  return [crash(), crash(), partitionOf(random, servers), otherOf(random, target)];
}

function targetOf(random: Random, servers: number): Target {
  return random.happens(500) ? "leader" : random.below(servers);
}

/** One server mostly; now and then several, or all of them at once. */
function targetsOf(random: Random, servers: number): readonly Target[] {
  if (random.happens(100)) return Array.from({ length: servers }, (_, place) => place);
  if (random.happens(850)) return [targetOf(random, servers)];
  return minorityOf(random, servers);
}

function minorityOf(random: Random, servers: number): readonly Target[] {
  const count = random.between(1, Math.max(1, Math.floor((servers - 1) / 2)));
  const first = random.below(servers);
  return Array.from({ length: count }, (_, offset) => (first + offset) % servers);
}

function partitionOf(random: Random, servers: number): Fault {
  if (random.happens(250)) {
    const direction = random.happens(500) ? "deaf" : "mute";
    return { kind: "oneWay", target: targetOf(random, servers), direction };
  }
  const side = random.happens(500) ? (["leader"] as const) : minorityOf(random, servers);
  return { kind: "partition", side };
}

function otherOf(random: Random, target: () => Target): Fault {
  switch (random.below(4)) {
    case 0:
      return { kind: "pause", target: target() };
    case 1:
      return { kind: "delay", target: target(), by: random.between(10, 150) };
    case 2:
      return { kind: "cut", target: target() };
    default:
      return { kind: "disk", target: target(), failure: random.pick(DISK_FAULTS) };
  }
}

/**
 * What varies from walk to walk. Each walk has dials of its own, as each run of the simulator
 * has, and for the same reason: what one set of them finds another misses (swarm testing; Groce
 * et al., "Swarm Testing", 2012).
 */
import type { Random } from "../../../sim/random.ts";
import type { TraceMessage } from "../../../trace/format.ts";

/** The weights of what may be done next, and the bounds of a walk. */
export interface Dials {
  readonly steps: number;
  /** Terms and entries beyond those that there were. */
  readonly terms: number;
  readonly entries: number;
  readonly timeout: number;
  readonly deliver: number;
  /** What was sent over a link that its term has not, or is out of date by now. */
  readonly deliverLate: number;
  readonly deliverAgain: number;
  readonly request: number;
  readonly send: number;
  readonly commit: number;
  readonly apply: number;
  readonly restart: number;
  readonly compact: number;
  readonly installSnapshot: number;
  readonly read: number;
  readonly confirm: number;
  readonly answer: number;
  /** In thousandths: how seldom somebody stands while messages are on their way. */
  readonly patience: number;
  /** In thousandths: how many terms all servers hear of. */
  readonly connectedTerms: number;
  /** In thousandths: how many messages of a type are late from the first. */
  readonly delayed: number;
  readonly delayedType: TraceMessage["type"] | null;
  /** In thousandths: how much of what a leader sends begins with what the peer lacks ... */
  readonly sendsMissing: number;
  /** ... and how much with the beginning of the log; the rest is any slice. */
  readonly sendsWhole: number;
  /** Whether it is a walk by reigns. */
  readonly byReigns: boolean;
  /** In thousandths: to how many of those that a leader reaches it sends entries, each time ... */
  readonly replicates: number;
  /** ... and how many acknowledgements, and confirmations, are late. */
  readonly acknowledgesLate: number;
  readonly confirmsLate: number;
}

/** Those of the other types are as late as their terms make them. */
const DELAYED: Readonly<Record<Concern, readonly TraceMessage["type"][]>> = {
  Raft: [
    "RequestVoteRequest",
    "RequestVoteResponse",
    "AppendEntriesRequest",
    "AppendEntriesResponse",
  ],
  RaftSnapshots: ["InstallSnapshotRequest", "AppendEntriesRequest", "AppendEntriesResponse"],
  RaftReads: ["ConfirmLeadershipRequest", "ConfirmLeadershipResponse", "AppendEntriesRequest"],
};

/** What a rule is about: most steps of snapshots and reads need not be tried for the others. */
export type Concern = "Raft" | "RaftSnapshots" | "RaftReads";

/** In thousandths: how many walks go by reigns. */
const BY_REIGNS = 500;

export function drawDials(random: Random, concern: Concern, recovers: boolean): Dials {
  const byReigns = random.happens(BY_REIGNS);
  const sometimes = (least: number, most: number): number =>
    random.happens(500) ? 0 : random.between(least, most);
  const ofSnapshots = (most: number): number =>
    concern === "RaftSnapshots" ? random.between(1, most) : 0;
  const ofReads = (most: number): number => (concern === "RaftReads" ? random.between(1, most) : 0);
  return {
    steps: random.between(20, 90),
    terms: random.between(byReigns ? 3 : 1, 5),
    entries: random.between(1, 3),
    timeout: random.between(1, 8),
    deliver: random.between(20, 60),
    deliverLate: sometimes(1, 16),
    deliverAgain: sometimes(1, 6),
    request: random.between(2, 16),
    send: random.between(6, 30),
    commit: random.between(5, 60),
    apply: concern === "Raft" ? sometimes(2, 12) : random.between(2, 20),
    restart: recovers ? random.between(2, 12) : random.happens(700) ? 0 : random.between(1, 4),
    compact: ofSnapshots(12),
    installSnapshot: ofSnapshots(12),
    read: ofReads(14),
    confirm: ofReads(14),
    answer: ofReads(40),
    patience: random.pick([300, 800, 950]),
    connectedTerms: random.pick([0, 200, 500, 1000]),
    delayed: random.pick([0, 0, 200, 700]),
    delayedType: random.pick([null, ...DELAYED[concern]]),
    sendsMissing: random.pick([200, 600, 900]),
    sendsWhole: random.pick([0, 300, 700]),
    byReigns,
    replicates: random.pick([300, 600, 900]),
    acknowledgesLate: random.pick([0, 300, 700]),
    confirmsLate: random.pick([200, 500, 800]),
  };
}

import fc from "fast-check";

/**
 * What varies from run to run. Times are in ticks of virtual time, rates in thousandths;
 * all are integers. Every one of them has made some defect of a real Raft visible.
 */
export interface Dials {
  /** Servers in the cluster, 1 to 7. */
  readonly servers: number;
  /** Steps of the safety phase, after which all faults heal. */
  readonly steps: number;

  // The implementation's own settings
  readonly maxEntriesPerRequest: number;
  readonly maxRequestsInFlight: number;
  readonly appendsNoOp: boolean;
  readonly maxEntriesPerApply: number;

  // The network
  readonly delayMin: number;
  readonly delaySpread: number;
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** How often a message takes a detour and is overtaken by later ones. */
  readonly detourRate: number;
  /** Servers, a minority, whose messages always take `slowness` ticks longer. */
  readonly slowServers: number;
  readonly slowness: number;
  /** Ticks from one partition to the next, on average; 0 for none. */
  readonly partitionEvery: number;
  readonly partitionLength: number;

  // Disks and crashes
  /** The longest that a server gathers steps before it persists them; 0 for none. */
  readonly persistDelay: number;
  /** Ticks from one crash to the next, on average; 0 for none. */
  readonly crashEvery: number;
  readonly downtime: number;

  // Clocks
  readonly electionTimeout: number;
  readonly electionSpread: number;
  readonly heartbeatEvery: number;
  /** By how much a server's clock may run fast or slow. */
  readonly clockDrift: number;
  /** Ticks from one jump of a clock to the next, on average; 0 for none. */
  readonly clockJumpEvery: number;

  // Clients
  readonly clients: number;
  /** Keys of the store: few, so that commands meet. */
  readonly keys: number;
  /** Ticks that a client waits between an answer and its next command. */
  readonly thinkTime: number;
  /** Ticks after which a client asks again, maybe somewhere else. */
  readonly patience: number;
  /** Ticks that a server gathers commands before it proposes them at once. */
  readonly proposalDelay: number;
  readonly answerLossRate: number;
  /** Sessions that the store keeps. */
  readonly maxSessions: number;
  /** What the clients ask for depends on this and on nothing else. */
  readonly workload: number;
  /** Of a thousand gets, how many are reads without a log entry. */
  readonly readRate: number;

  // Snapshots
  /** Entries that a server applies before it compacts its log; 0 for never. */
  readonly compactEvery: number;

  /** Servers that stay down after the faults have healed: a minority. */
  readonly downForGood: number;
}

/** A cluster in which nothing goes wrong: the start of a test's own dials. */
export const calmDials: Dials = {
  servers: 3,
  steps: 300,
  maxEntriesPerRequest: 8,
  maxRequestsInFlight: 4,
  appendsNoOp: true,
  maxEntriesPerApply: 1000,
  delayMin: 2,
  delaySpread: 3,
  lossRate: 0,
  duplicateRate: 0,
  detourRate: 0,
  slowServers: 0,
  slowness: 0,
  partitionEvery: 0,
  partitionLength: 0,
  persistDelay: 0,
  crashEvery: 0,
  downtime: 0,
  electionTimeout: 100,
  electionSpread: 100,
  heartbeatEvery: 30,
  clockDrift: 0,
  clockJumpEvery: 0,
  clients: 2,
  keys: 2,
  thinkTime: 10,
  patience: 100,
  proposalDelay: 0,
  answerLossRate: 0,
  maxSessions: 100,
  workload: 0,
  readRate: 0,
  compactEvery: 0,
  downForGood: 0,
};

/** The most servers that a majority can do without. */
function minorityOf(servers: number): number {
  return Math.floor((servers - 1) / 2);
}

/** Zero now and then, so that a run without this fault occurs, and otherwise 1 to `max`. */
function sometimes(max: number): fc.Arbitrary<number> {
  return fc.oneof(
    { arbitrary: fc.constant(0), weight: 1 },
    { arbitrary: fc.integer({ min: 1, max }), weight: 3 },
  );
}

/** Zero mostly. */
function seldom(max: number): fc.Arbitrary<number> {
  return fc.oneof(
    { arbitrary: fc.constant(0), weight: 3 },
    { arbitrary: fc.integer({ min: 1, max }), weight: 1 },
  );
}

/** Zero for never, or a mean distance. */
function every(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    { arbitrary: fc.constant(0), weight: 1 },
    { arbitrary: fc.integer({ min, max }), weight: 3 },
  );
}

/** All dials, for a cluster of one of the given sizes and a safety phase of given length. */
export function dialsArbitrary(
  sizes: readonly number[],
  steps: { readonly min: number; readonly max: number },
): fc.Arbitrary<Dials> {
  return fc
    .record({
      servers: fc.constantFrom(...sizes),
      steps: fc.integer(steps),
      maxEntriesPerRequest: fc.constantFrom(1, 1, 1, 2, 3, 8),
      maxRequestsInFlight: fc.constantFrom(1, 1, 2, 6),
      appendsNoOp: fc.boolean(),
      delayMin: fc.integer({ min: 1, max: 5 }),
      delaySpread: fc.integer({ min: 0, max: 20 }),
      lossRate: sometimes(200),
      duplicateRate: sometimes(150),
      detourRate: sometimes(150),
      slowServers: fc.nat(3),
      slowness: seldom(60),
      partitionEvery: every(20, 200),
      partitionLength: fc.integer({ min: 10, max: 300 }),
      persistDelay: sometimes(15),
      crashEvery: every(30, 500),
      downtime: fc.integer({ min: 1, max: 200 }),
      electionTimeout: fc.integer({ min: 40, max: 200 }),
      electionSpread: fc.integer({ min: 1, max: 120 }),
      heartbeatEvery: fc.integer({ min: 15, max: 100 }),
      clockDrift: sometimes(500),
      clockJumpEvery: every(50, 500),
      clients: fc.integer({ min: 1, max: 6 }),
      keys: fc.integer({ min: 1, max: 3 }),
      thinkTime: fc.oneof(fc.nat(20), fc.nat(60)),
      patience: fc.integer({ min: 20, max: 150 }),
      proposalDelay: sometimes(10),
      answerLossRate: sometimes(200),
      maxSessions: fc.constantFrom(2, 100, 100, 100),
      workload: fc.nat(0xffff),
      downForGood: fc.nat(3),
      maxEntriesPerApply: fc.constantFrom(1, 2, 1000, 1000),
      readRate: fc.constantFrom(0, 500, 1000, 1000),
      compactEvery: fc.constantFrom(0, 1, 2, 3, 5, 10),
    })
    .map((dials) => ({
      ...dials,
      slowServers: Math.min(dials.slowServers, minorityOf(dials.servers)),
      downForGood: Math.min(dials.downForGood, minorityOf(dials.servers)),
    }));
}

/** The dials of one run: they follow from the seed alone. */
export function dialsOfRun(arbitrary: fc.Arbitrary<Dials>, seed: number): Dials {
  const [dials] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (dials === undefined) throw new RangeError("fast-check gave no dials");
  return dials;
}

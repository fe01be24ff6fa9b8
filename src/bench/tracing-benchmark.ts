import { makeScratchFolder } from "../setup/scratch.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { drive, type LoadResult } from "./cluster/drive.ts";
import { buildGoPrograms } from "./cluster/go-programs.ts";
import { lockstepPeer } from "./cluster/peers.ts";
import { requireDisk } from "./cluster/require-disk.ts";
import { medianOf } from "./median.ts";

const CLIENTS = [1, 64, 256] as const;
const SECONDS = 4;

/** What one run measured: a cluster without a trace, and one with it, right after one another. */
interface Pair {
  readonly untraced: LoadResult;
  readonly traced: LoadResult;
}

/**
 * What tracing costs a cluster of three processes with fsync: the part of `lockstep bench cluster`
 * that needs no other cluster, and so little time. Which of the two goes first alternates.
 */
export const tracingBenchmark: Benchmark = {
  name: "tracing",
  summary: "what tracing costs a cluster of three processes with fsync (needs Go)",
  isOnRequest: true,
  async measure(runs, progress) {
    const scratch = makeScratchFolder("lockstep-bench-tracing-");
    const { folder } = scratch;
    try {
      requireDisk(folder);
      const { load } = await buildGoPrograms(folder, progress);
      const driveOne = async (clients: number, isTraced: boolean): Promise<LoadResult> =>
        await drive({ peer: lockstepPeer(isTraced), load, folder, clients, seconds: SECONDS });
      const pairs = new Map<number, Pair[]>(CLIENTS.map((clients) => [clients, []]));
      for (let run = 1; run <= runs; run++) {
        for (const [clients, measured] of pairs) {
          const isTracedFirst = run % 2 === 0;
          const first = await driveOne(clients, isTracedFirst);
          const second = await driveOne(clients, !isTracedFirst);
          const [untraced, traced] = isTracedFirst ? [second, first] : [first, second];
          measured.push({ untraced, traced });
          progress(
            `tracing: run ${run} of ${runs}, ${clients} clients: ` +
              `${Math.round(untraced.perSecond)} commits a second, ` +
              `traced ${Math.round(traced.perSecond)}`,
          );
        }
      }
      return [...pairs].flatMap(([clients, measured]) => figuresOf(clients, measured));
    } finally {
      await scratch.remove();
    }
  },
};

function figuresOf(clients: number, pairs: readonly Pair[]): readonly Figure[] {
  const who = clients === 1 ? "1 client" : `${clients} clients`;
  const unit = "a second";
  const commits = (name: string, results: readonly LoadResult[]): Figure => ({
    what: `${name}, ${who}, commits`,
    value: medianOf(results.map(({ perSecond }) => perSecond)),
    unit,
    asked: null,
  });
  return [
    commits(
      "untraced",
      pairs.map(({ untraced }) => untraced),
    ),
    commits(
      "traced",
      pairs.map(({ traced }) => traced),
    ),
    {
      what: `traced / untraced, ${who}, commits`,
      value: medianOf(pairs.map(({ untraced, traced }) => traced.perSecond / untraced.perSecond)),
      unit: "times",
      asked: { least: 0.75 },
    },
  ];
}

import { makeScratchFolder } from "../../setup/scratch.ts";
import { drive, type Inspect, type LoadResult } from "./drive.ts";
import { buildGoPrograms } from "./go-programs.ts";
import { etcdPeer, hashicorpPeer, lockstepPeer, type Peer } from "./peers.ts";
import { requireDisk } from "./require-disk.ts";
import { measureValidation, type Validation } from "./validation.ts";

/** What each cluster did at one number of clients, one result a run, in the order of the runs. */
export interface ClusterMeasurement {
  readonly clients: number;
  readonly lockstep: readonly LoadResult[];
  readonly traced: readonly LoadResult[];
  readonly hashicorp: readonly LoadResult[];
  /** Empty where etcd is not there. */
  readonly etcd: readonly LoadResult[];
  /** Of the traces of one run, at `VALIDATED_CLIENTS`; else null. */
  readonly validation: Validation | null;
}

const CLIENTS = [1, 64, 256] as const;
const VALIDATED_CLIENTS = 64;
const SECONDS = 4;

/**
 * Measures clusters of three processes with fsync: Lockstep, without and with a trace, beside
 * hashicorp/raft and etcd. In each run one follows the other, since only what was measured in the
 * same minute on the same disk can be compared.
 *
 * @param etcd the program of etcd; undefined where there is none
 * @throws EnvironmentError without Go, or where the system's temporary folder is in memory
 */
export async function measureClusters(
  runs: number,
  etcd: string | undefined,
  progress: (line: string) => void,
): Promise<readonly ClusterMeasurement[]> {
  const scratch = makeScratchFolder("lockstep-bench-cluster-");
  const { folder } = scratch;
  try {
    requireDisk(folder);
    const go = await buildGoPrograms(folder, progress);
    const peers = {
      lockstep: lockstepPeer(false),
      hashicorp: hashicorpPeer(go),
      traced: lockstepPeer(true),
      etcd: etcd === undefined ? null : etcdPeer(etcd),
    };
    const measurements: ClusterMeasurement[] = [];
    for (const clients of CLIENTS) {
      const results = { lockstep: [], traced: [], hashicorp: [], etcd: [] } as Record<
        keyof typeof peers,
        LoadResult[]
      >;
      let validation: Validation | null = null;
      const validate: Inspect = async (traces, seconds) => {
        progress("cluster: checking the events of that run");
        validation = await measureValidation(traces, { seconds });
      };
      for (let run = 1; run <= runs; run++) {
        for (const key of ["lockstep", "hashicorp", "traced", "etcd"] as const) {
          const peer: Peer | null = peers[key];
          if (peer === null) continue;
          const { load } = go;
          const isValidated = key === "traced" && clients === VALIDATED_CLIENTS && run === runs;
          const options = { peer, load, folder, clients, seconds: SECONDS };
          const result = await drive(options, isValidated ? validate : undefined);
          results[key].push(result);
          progress(`cluster: run ${run} of ${runs}, ${peer.name}: ${resultText(result)}`);
        }
      }
      measurements.push({ clients, ...results, validation });
    }
    return measurements;
  } finally {
    await scratch.remove();
  }
}

function resultText({ clients, perSecond, p50Milliseconds, p99Milliseconds }: LoadResult): string {
  return (
    `${clients} clients, ${Math.round(perSecond)} commits a second, ` +
    `p50 ${p50Milliseconds} ms, p99 ${p99Milliseconds} ms`
  );
}

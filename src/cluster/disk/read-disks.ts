import { join } from "node:path";
import { nodeFiles } from "../../node/files/node-files.ts";
import { recoverLog } from "../../node/wal/recover.ts";
import type { DurableState } from "../../node/wal/replay.ts";
import type { LocalCluster } from "../local-cluster.ts";

/** What each server would begin with if it were started now; null where it would refuse to. */
export type Disks = ReadonlyMap<string, DurableState | null>;

/**
 * Reads the disks of all servers, none of which may run, and changes nothing there.
 *
 * @param onDamage is told why a disk cannot be read
 */
export async function readDisks(
  cluster: LocalCluster,
  onDamage: (reason: string) => void,
): Promise<Disks> {
  const disks = new Map<string, DurableState | null>();
  for (const { id } of cluster.servers) {
    try {
      const { state } = await recoverLog(nodeFiles, join(cluster.diskFolder(id), "wal"), () => {});
      disks.set(id, state);
    } catch (error) {
      disks.set(id, null);
      onDamage(
        `the disk of ${id} cannot be read: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  return disks;
}

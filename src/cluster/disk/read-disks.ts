import { nodeFiles } from "../../node/files/node-files.ts";
import { openStorage, type StoredState } from "../../node/storage.ts";
import type { LocalCluster } from "../local-cluster.ts";

/** What each server would begin with if it were started now; null where it would refuse to. */
export type Disks = ReadonlyMap<string, StoredState | null>;

/** Of segments that are begun while a disk is read, which is none but for an empty disk. */
const SEGMENT_BYTES = 64 * 1024;

/**
 * Reads the disks of all servers, none of which may run, as a server does that starts.
 *
 * @param onDamage is told why a disk cannot be read
 */
export async function readDisks(
  cluster: LocalCluster,
  onDamage: (reason: string) => void,
): Promise<Disks> {
  const disks = new Map<string, StoredState | null>();
  for (const { id } of cluster.servers) {
    try {
      const { state, storage } = await openStorage({
        files: nodeFiles,
        folder: cluster.diskFolder(id),
        segmentBytes: SEGMENT_BYTES,
        onTrace: () => {},
      });
      await storage.close();
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

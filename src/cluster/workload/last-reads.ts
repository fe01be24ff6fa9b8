import type { WorkloadClient } from "./clients.ts";
import type { History } from "./history.ts";

/** How many reads are under way at a time. */
const AT_A_TIME = 16;

/** Nobody else's number. */
const READER = 0;

/**
 * A client that comes last reads what the others left, of every key that they ever used: nothing of it
 * may be missing, however long ago it was written.
 *
 * @throws what the client throws for a read that nobody answers
 */
export async function readAll(
  client: WorkloadClient,
  keys: readonly string[],
  history: History,
): Promise<void> {
  const left = keys.values();
  const readOn = async () => {
    for (const key of left) {
      const entry = history.invoke(READER, { type: "get", key });
      try {
        history.answer(entry, await client.read(key));
      } catch (error) {
        history.giveUp(entry);
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, readOn));
}

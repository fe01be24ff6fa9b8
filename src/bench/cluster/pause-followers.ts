import { setTimeout as wait } from "node:timers/promises";
import { StoreClient } from "../../node/client/index.ts";
import type { DrivenCluster } from "./drive.ts";
import { nameOf } from "./peers.ts";

/** How long a follower is away: longer than a log takes to be compacted under load. */
const AWAY_SECONDS = 10;
const BETWEEN_SECONDS = 3;

/**
 * Has followers stand still in turn, each for so long that the leader has compacted its log meanwhile,
 * and has to send its snapshot.
 */
export async function pauseFollowers({
  processes,
  addresses,
  seconds,
}: DrivenCluster): Promise<void> {
  const servers = Object.fromEntries(addresses.map((address, place) => [nameOf(place), address]));
  const client = new StoreClient({ servers });
  const end = performance.now() + 1000 * seconds;
  const isTime = (more: number): boolean => performance.now() + 1000 * more < end;
  try {
    await wait(1000 * BETWEEN_SECONDS);
    for (let turn = 0; isTime(AWAY_SECONDS + BETWEEN_SECONDS); turn++) {
      const followers = await followersOf(client, addresses.length);
      const place = followers[turn % followers.length];
      if (place !== undefined) processes.signal(place, "SIGSTOP");
      await wait(1000 * AWAY_SECONDS);
      if (place !== undefined) processes.signal(place, "SIGCONT");
      await wait(1000 * BETWEEN_SECONDS);
    }
  } finally {
    client.close();
  }
}

async function followersOf(client: StoreClient, servers: number): Promise<readonly number[]> {
  const places = Array.from({ length: servers }, (_, place) => place);
  const roles = await Promise.all(
    places.map(async (place) => (await client.status(nameOf(place))).role),
  );
  return places.filter((place) => roles[place] === "Follower");
}

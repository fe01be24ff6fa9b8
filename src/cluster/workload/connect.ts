import { StoreClient } from "../../node/client/index.ts";
import type { LocalCluster } from "../local-cluster.ts";
import type { WorkloadClient } from "./clients.ts";

/** How long a client asks for one answer before it gives up: longer than any fault lasts. */
const TIMEOUT_MILLISECONDS = 20_000;

/** How long it waits for one server before it asks another. */
const ATTEMPT_MILLISECONDS = 1000;

/** A client of the cluster: the one of the library. */
export function connectClient(cluster: LocalCluster, name: string): WorkloadClient {
  const client = new StoreClient({
    servers: cluster.addresses,
    clusterId: cluster.clusterId,
    name,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    attemptMilliseconds: ATTEMPT_MILLISECONDS,
  });
  return {
    execute: (operation) => client.execute(operation),
    read: async (key) => ({ status: "done", value: await client.get(key) }),
    close: () => client.close(),
  };
}

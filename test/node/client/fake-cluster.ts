/** Servers with real doors and no Raft behind them: one of them leads, and all share a store. */

import { ClientDoor, type ClientDoorOptions } from "../../../src/node/client-door.ts";
import type { Outcome, RunningServer, ServerStatus } from "../../../src/node/door.ts";
import type { TlsOptions } from "../../../src/node/tls-options.ts";
import { KeyValueStore, type StoreOptions } from "../../../src/state-machine/index.ts";
import { type Node, startNode } from "../transport/pair.ts";

/** What a leader does with a command or read. */
export type Mood =
  | "answers"
  /** Executes it and loses the answer. */
  | "forgets"
  /** Does not execute it, and cannot say so. */
  | "loses"
  /** Neither executes nor answers. */
  | "isSilent"
  | "refuses";

export class FakeCluster {
  readonly store: KeyValueStore;
  leader: string | null = "s1";
  /** By server: whom it believes to lead, where that is somebody else. */
  readonly beliefs: Record<string, string> = {};
  /** Asked for each request to the leader. */
  mood: () => Mood = () => "answers";
  lastIndex = 0;
  readonly requests: Record<string, number> = {};

  constructor(options: StoreOptions = {}) {
    this.store = new KeyValueStore(options);
  }

  server(id: string): RunningServer {
    return {
      propose: (command, done) => this.#take(id, done, () => this.apply(command)),
      read: (query, done) => this.#take(id, done, () => this.read(query)),
      status: () => this.#status(id),
    };
  }

  apply(command: string): string {
    return JSON.stringify(this.store.apply(++this.lastIndex, command));
  }

  read(query: string): string {
    return JSON.stringify(this.store.query(query));
  }

  #take(id: string, done: (outcome: Outcome) => void, execute: () => string): void {
    this.requests[id] = (this.requests[id] ?? 0) + 1;
    if (id !== this.leader) {
      done({ status: "notLeader", leader: this.beliefs[id] ?? this.leader });
      return;
    }
    switch (this.mood()) {
      case "answers": {
        const answer = execute();
        setImmediate(() => done({ status: "executed", index: this.lastIndex, answer }));
        return;
      }
      case "forgets":
        execute();
        done({ status: "unknown", reason: "leadership was lost" });
        return;
      case "loses":
        done({ status: "unknown", reason: "leadership was lost" });
        return;
      case "isSilent":
        return;
      case "refuses":
        done({ status: "refused", reason: "too busy" });
    }
  }

  #status(id: string): ServerStatus {
    return {
      id,
      clusterId: "test",
      role: id === this.leader ? "Leader" : "Follower",
      currentTerm: 1,
      knownLeader: this.leader,
      lastIndex: this.lastIndex,
      commitIndex: this.lastIndex,
      lastApplied: this.lastIndex,
      snapshotIndex: 0,
    };
  }
}

export interface Doors {
  readonly addresses: Readonly<Record<string, string>>;
  readonly nodes: readonly Node[];
  readonly doors: readonly ClientDoor[];
}

/** Opens a client door for each of the servers. */
export async function openDoors(
  cluster: FakeCluster,
  ids: readonly string[],
  options: Partial<ClientDoorOptions> = {},
  tls: TlsOptions | null = null,
): Promise<Doors> {
  const addresses: Record<string, string> = {};
  const nodes = await Promise.all(ids.map((id) => startNode({ id, tls })));
  nodes.forEach(({ transport }, at) => {
    addresses[ids[at] ?? ""] = transport.address;
  });
  const doors = nodes.map(
    ({ transport, log }, at) =>
      new ClientDoor({
        transport,
        server: cluster.server(ids[at] ?? ""),
        addresses,
        log,
        ...options,
      }),
  );
  return { addresses, nodes, doors };
}

/**
 * One measured run of the core: three servers in one process, storage in memory, entries
 * of 100 bytes, as the Go peer under test/bench/etcd-raft does it. Prints one JSON line.
 *
 * Usage: node core-run.js ENTRIES BATCH
 */
import {
  createServer,
  electionTimeout,
  hasOutput,
  type PersistentState,
  propose,
  receive,
  type Server,
  takeOutput,
} from "../core/index.ts";

interface Host {
  readonly server: Server;
  /** What a real host would keep on disk. */
  readonly storage: {
    currentTerm: number;
    votedFor: string | null;
    log: PersistentState["log"][number][];
  };
  applied: number;
}

function createHost(id: string, servers: readonly string[]): Host {
  return {
    server: createServer({ id, servers, maxRequestsInFlight: 256 }),
    storage: { currentTerm: 0, votedFor: null, log: [] },
    applied: 0,
  };
}

/** Does what a host owes its server: persist, then apply, then hand over the messages. */
function ready(host: Host): ReturnType<typeof takeOutput>["messages"] {
  const { server, storage } = host;
  const output = takeOutput(server);
  if (output.voteChanged) {
    storage.currentTerm = server.currentTerm;
    storage.votedFor = server.votedFor;
  }
  if (output.logChangedFrom > 0) {
    storage.log.length = output.logChangedFrom - 1;
    for (let index = output.logChangedFrom; index <= server.log.lastIndex; index++) {
      storage.log.push(server.log.entryAt(index));
    }
  }
  if (output.appliedFrom > 0) {
    for (let index = output.appliedFrom; index <= server.lastApplied; index++) {
      if (server.log.entryAt(index).command !== null) host.applied++;
    }
  }
  return output.messages;
}

/** Delivers messages until no server has anything left to do. */
function settle(hosts: ReadonlyMap<string, Host>): void {
  for (let busy = true; busy; ) {
    busy = false;
    for (const host of hosts.values()) {
      while (hasOutput(host.server)) {
        busy = true;
        for (const message of ready(host)) {
          const receiver = hosts.get(message.to);
          if (receiver !== undefined) receive(receiver.server, message);
        }
      }
    }
  }
}

function run(hosts: ReadonlyMap<string, Host>, leader: Host, entries: number, batch: number): void {
  for (let done = 0; done < entries; done += batch) {
    const commands = Array.from({ length: batch }, (_, offset) => commandOf(done + offset));
    propose(leader.server, commands);
    settle(hosts);
  }
}

/** A command of 100 bytes, another each time. */
function commandOf(number: number): string {
  return number.toString().padStart(100, "x");
}

function main(): void {
  const entries = Number(process.argv[2] ?? 200_000);
  const batch = Number(process.argv[3] ?? 1);
  const ids = ["s1", "s2", "s3"];
  const hosts = new Map(ids.map((id) => [id, createHost(id, ids)]));
  const leader = hosts.get("s1");
  if (leader === undefined) throw new Error("no leader");
  electionTimeout(leader.server);
  settle(hosts);
  run(hosts, leader, 20_000, batch);

  const before = leader.applied;
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  run(hosts, leader, entries, batch);
  const used = process.cpuUsage(cpu);
  const wall = Number(process.hrtime.bigint() - begin) / 1000;
  const applied = leader.applied - before;
  if (applied < entries) throw new Error(`only ${applied} of ${entries} entries were applied`);
  console.log(
    JSON.stringify({
      entries: applied,
      cpuMicrosPerEntry: (used.user + used.system) / applied,
      wallMicrosPerEntry: wall / applied,
    }),
  );
}

main();

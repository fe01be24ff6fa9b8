import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GoPrograms } from "./go-programs.ts";

/** A server of a cluster to be started: its program and arguments. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** A cluster of three processes that can be started and driven. */
export interface Peer {
  readonly name: string;
  /** Its name for the load. */
  readonly load: string;
  /** How many ports a server needs: for clients first. */
  readonly portsEach: number;
  /** The command of each server. */
  servers(folder: string, ports: readonly (readonly number[])[]): readonly ServerCommand[];
}

export const HOST = "127.0.0.1";

/** The name of a server by its place, from 0. */
export const nameOf = (place: number): string => `s${place + 1}`;

/** Lockstep's own server, without or with a trace of every step. */
export function lockstepPeer(isTraced: boolean): Peer {
  return {
    name: isTraced ? "lockstep, traced" : "lockstep",
    load: "lockstep",
    portsEach: 1,
    servers: (folder, ports) => lockstepServers(folder, ports, isTraced),
  };
}

/**
 * The commands of Lockstep's servers.
 *
 * @param ports of each server: for servers and clients; then for HTTP, where it is to have a door
 */
export function lockstepServers(
  folder: string,
  ports: readonly (readonly number[])[],
  isTraced: boolean,
): readonly ServerCommand[] {
  const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
  const servers = ports.flatMap(([port, http], place) => [
    ...["--server", `${nameOf(place)}=${HOST}:${port}`],
    ...(http === undefined ? [] : ["--http", `${nameOf(place)}=${HOST}:${http}`]),
  ]);
  return ports.map((_, place) => {
    const id = nameOf(place);
    const own = ["--id", id, "--cluster", "bench", "--folder", join(folder, id)];
    const trace = isTraced ? ["--trace", join(folder, `${id}.ndjson`)] : [];
    const args = [main, "serve", ...own, ...servers, ...trace, "--log-level", "warn"];
    return { program: process.execPath, args };
  });
}

/** hashicorp/raft with raft-wal: see test/bench/hashicorp-raft. */
export function hashicorpPeer({ hashicorpRaft }: GoPrograms): Peer {
  return {
    name: "hashicorp/raft",
    load: "hashicorp",
    portsEach: 2,
    servers: (folder, ports) => {
      const servers = ports.map(([, raft], place) => `${nameOf(place)}=${HOST}:${raft}`).join(",");
      return ports.map(([door], place) => {
        const id = nameOf(place);
        const dir = join(folder, id);
        mkdirSync(dir, { recursive: true });
        const args = ["-id", id, "-servers", servers, "-door", `${HOST}:${door}`, "-dir", dir];
        return { program: hashicorpRaft, args };
      });
    },
  };
}

/** The etcd that is installed. */
export function etcdPeer(program: string): Peer {
  return {
    name: "etcd",
    load: "etcd",
    portsEach: 2,
    servers: (folder, ports) => {
      const url = (port: number | undefined) => `http://${HOST}:${port}`;
      const cluster = ports.map(([, raft], place) => `${nameOf(place)}=${url(raft)}`).join(",");
      return ports.map(([door, raft], place) => {
        const id = nameOf(place);
        const args = [
          ...["--name", id, "--data-dir", join(folder, id), "--initial-cluster", cluster],
          ...["--initial-advertise-peer-urls", url(raft), "--listen-peer-urls", url(raft)],
          ...["--listen-client-urls", url(door), "--advertise-client-urls", url(door)],
          ...["--logger", "zap", "--log-level", "error"],
        ];
        return { program, args };
      });
    },
  };
}

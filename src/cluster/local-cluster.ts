import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Network } from "./network/network.ts";
import { freePorts } from "./network/ports.ts";
import { builtProgram } from "./processes/built-program.ts";
import { Reaper } from "./processes/reaper.ts";
import type { ServerConfig } from "./processes/server-messages.ts";
import { ServerProcess } from "./processes/server-process.ts";

export interface LocalClusterOptions {
  readonly servers: number;
  /** Everything is kept there; it is made where there is none. */
  readonly folder: string;
  /** Joins the traces of a run. */
  readonly clusterId: string;
  /** The program of a server, in place of the own one: one with a bug in it perhaps. */
  readonly program?: string | undefined;
  /** Whether the servers trace their steps. */
  readonly isTraced: boolean;
  /** Whether they note what a loss of power would take. */
  readonly notesLosses: boolean;
  /** A server ended, and nobody had told it to. */
  onCrash(reason: string): void;
}

/** The servers of a cluster as processes on this machine, with a network among them to meddle with. */
export class LocalCluster {
  readonly network: Network;
  readonly servers: readonly ServerProcess[];
  /** Where clients reach each server: past the network that is meddled with. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly clusterId: string;
  readonly #folder: string;
  readonly #reaper: Reaper;

  private constructor(
    options: LocalClusterOptions,
    network: Network,
    ports: ReadonlyMap<string, number>,
  ) {
    this.network = network;
    this.clusterId = options.clusterId;
    this.#folder = options.folder;
    this.#reaper = new Reaper();
    for (const name of ["servers", "logs", "traces", "notes"]) {
      mkdirSync(join(options.folder, name), { recursive: true });
    }
    this.addresses = Object.fromEntries([...ports].map(([id, port]) => [id, `127.0.0.1:${port}`]));
    this.servers = [...ports.keys()].map((id) => this.#prepare(id, options));
  }

  /** Opens the network and starts all servers. */
  static async start(options: LocalClusterOptions): Promise<LocalCluster> {
    const ports = new Map(
      (await freePorts(options.servers)).map((port, place) => [`s${place + 1}`, port] as const),
    );
    const cluster = new LocalCluster(options, await Network.open(ports), ports);
    for (const server of cluster.servers) server.start();
    return cluster;
  }

  /** The folder of what a server has on its disk. */
  diskFolder(id: string): string {
    return join(this.#folder, "servers", id);
  }

  traceFile(id: string): string {
    return join(this.#folder, "traces", `${id}.ndjson`);
  }

  /** Where a server notes what a loss of power would take. */
  notesFolder(id: string): string {
    return join(this.#folder, "notes", id);
  }

  /** Has all servers stop, and kills those that do not. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop(10_000)));
  }

  /** Kills what still runs, and ends the network. */
  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    this.#reaper.close();
    await this.network.close();
  }

  #prepare(id: string, options: LocalClusterOptions): ServerProcess {
    const configFile = join(this.#folder, "servers", `${id}.json`);
    const reached = Object.keys(this.addresses).map((peer) => [
      peer,
      peer === id ? this.addresses[id] : `127.0.0.1:${this.network.port(id, peer)}`,
    ]);
    const config: ServerConfig = {
      id,
      clusterId: options.clusterId,
      servers: Object.fromEntries(reached),
      listen: this.addresses[id] ?? "",
      folder: this.diskFolder(id),
      traceFile: options.isTraced ? this.traceFile(id) : null,
      notesFolder: options.notesLosses ? this.notesFolder(id) : null,
    };
    writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
    return new ServerProcess({
      id,
      program: options.program ?? builtProgram(import.meta.url, "processes/server-program"),
      configFile,
      logFile: join(this.#folder, "logs", `${id}.log`),
      reaper: this.#reaper,
      onCrash: options.onCrash,
    });
  }
}

/** A cluster of servers in this process, on real folders, over a network of function calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Message } from "../../src/core/index.ts";
import type { Outcome } from "../../src/node/door.ts";
import type { NodeServer } from "../../src/node/node-server.ts";
import type { NodeServerOptions } from "../../src/node/options.ts";
import { startServer } from "../../src/node/start-server.ts";
import type { ReplicatedStateMachine } from "../../src/node/state-machine.ts";
import { lockstep } from "../cli/program.ts";

/** Remembers its commands, and answers with how many there are. */
export class Register implements ReplicatedStateMachine {
  commands: string[] = [];

  apply(command: string): string {
    this.commands.push(command);
    return String(this.commands.length);
  }

  query(place: string): string {
    return this.commands[Number(place)] ?? "none";
  }

  *snapshot(): Generator<string> {
    yield JSON.stringify(this.commands);
  }

  restore(snapshot: string): void {
    this.commands = JSON.parse(snapshot);
  }
}

export class LocalCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "lockstep-node-"));
  readonly servers: Readonly<Record<string, string>>;
  readonly running = new Map<string, NodeServer>();
  readonly machines = new Map<string, Register>();
  /** Whether a message from one server reaches another. */
  passes: (from: string, to: string) => boolean = () => true;
  readonly #receivers = new Map<string, (message: Message) => void>();
  readonly #options: Partial<NodeServerOptions>;

  constructor(size: number, options: Partial<NodeServerOptions> = {}) {
    const names = Array.from({ length: size }, (_, place) => `s${place + 1}`);
    this.servers = Object.fromEntries(names.map((name, place) => [name, `127.0.0.1:${place + 1}`]));
    this.#options = options;
  }

  get names(): readonly string[] {
    return Object.keys(this.servers);
  }

  traceOf(id: string): string {
    return join(this.folder, `${id}.ndjson`);
  }

  folderOf(id: string): string {
    return join(this.folder, id);
  }

  async startAll(): Promise<void> {
    for (const id of this.names) await this.start(id);
  }

  async start(
    id: string,
    options: Partial<NodeServerOptions> = {},
    machine = new Register(),
  ): Promise<NodeServer> {
    const server = await startServer({
      id,
      clusterId: "test",
      servers: this.servers,
      folder: this.folderOf(id),
      traceFile: this.traceOf(id),
      // Where there is nobody else, no leader is lost to a machine that is busy.
      timing: { heartbeatMs: 30, electionTimeoutMs: this.names.length === 1 ? 60 : 600 },
      segmentBytes: 64 * 1024,
      openTransport: async (onMessage) => {
        this.#receivers.set(id, onMessage);
        return {
          send: (message) => this.#carry(message),
          close: async () => {
            this.#receivers.delete(id);
          },
        };
      },
      ...this.#options,
      ...options,
      machine,
    });
    this.running.set(id, server);
    this.machines.set(id, machine);
    return server;
  }

  /** As TCP would: later, and as a copy. */
  #carry(message: Message): void {
    if (!this.passes(message.from, message.to)) return;
    const copy = structuredClone(message);
    setImmediate(() => this.#receivers.get(message.to)?.(copy));
  }

  async stop(id: string): Promise<void> {
    await this.running.get(id)?.stop();
    this.running.delete(id);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.keys()].map((id) => this.stop(id)));
  }

  async remove(): Promise<void> {
    await this.stopAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The leader, once there is one that most follow. */
  async leader(): Promise<NodeServer> {
    return await until(() => {
      const statuses = [...this.running.values()].map((server) => server.status());
      const leaders = [...this.running.values()].filter((server) => {
        const { id, role, currentTerm } = server.status();
        const followers = statuses.filter(
          (status) => status.knownLeader === id && status.currentTerm === currentTerm,
        );
        return role === "Leader" && 2 * followers.length > this.names.length;
      });
      return leaders[0] ?? null;
    });
  }

  /** Has a command executed, by whoever leads: once or, where a leader was lost, more often. */
  async execute(command: string): Promise<Outcome & { readonly status: "executed" }> {
    for (;;) {
      const outcome = await propose(await this.leader(), command);
      if (outcome.status === "executed") return outcome;
    }
  }

  /** Waits until all running servers have executed as many commands as the leader. */
  async settle(): Promise<void> {
    await until(() => {
      const lengths = [...this.running.keys()].map((id) => this.machines.get(id)?.commands.length);
      return new Set(lengths).size === 1 ? true : null;
    });
  }
}

/** Every step of the traces in a folder is one of the spec. */
export async function expectValid(folder: string): Promise<void> {
  const { exitCode, stdout, stderr } = await lockstep(["check", folder, "--engine", "compiled"]);
  expect(exitCode, stdout + stderr).toBe(0);
}

export function propose(server: NodeServer, command: string): Promise<Outcome> {
  return new Promise((resolve) => server.propose(command, resolve));
}

export function read(server: NodeServer, query: string): Promise<Outcome> {
  return new Promise((resolve) => server.read(query, resolve));
}

/** What `look` gives, once it gives something. */
export async function until<T>(look: () => T | null, seconds = 20): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { DiskFailure } from "../disk/failing-disk.ts";
import type { Reaper } from "./reaper.ts";
import type { FromServer, ToServer } from "./server-messages.ts";

export interface ServerProcessOptions {
  readonly id: string;
  /** The program, and the file with its configuration. */
  readonly program: string;
  readonly configFile: string;
  /** What it prints goes to the end of this file. */
  readonly logFile: string;
  readonly reaper: Reaper;
  /** It ended, and nobody had told it to. */
  onCrash(reason: string): void;
}

/** One server of a cluster: a process that is killed, stopped and started again. */
export class ServerProcess {
  readonly id: string;
  /** Whether it last said that it leads, and in which term. */
  leadsTerm: number | null = null;
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | null = null;
  #isReady = false;
  #isPaused = false;
  /** The end of the process is our doing. */
  #isExpectedToEnd = false;

  constructor(options: ServerProcessOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Whether the process is there, be it stopped. */
  get isUp(): boolean {
    return this.#child !== null;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Whether it has said that it runs. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    if (this.#child !== null) return;
    const { program, configFile, logFile, reaper } = this.#options;
    const log = openSync(logFile, "a");
    const child = spawn(process.execPath, ["--enable-source-maps", program, configFile], {
      stdio: ["ignore", log, log, "ipc"],
      // A group of its own: what a terminal sends to ours (Ctrl-C) is not for it.
      detached: true,
    });
    closeSync(log);
    reaper.watch(child);
    this.#child = child;
    this.#isExpectedToEnd = false;
    child.on("message", (message) => this.#hear(message as FromServer));
    child.on("error", (error) => this.#ended(child, error.message));
    child.on("exit", (code, signal) => this.#ended(child, signal ?? `exit code ${code}`));
  }

  /** kill -9. Ends when the process is gone. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to stop (SIGTERM), and kills it where it has not within `patience` milliseconds. */
  async stop(patience: number): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.resume();
    const timer = setTimeout(() => child.kill("SIGKILL"), patience);
    await this.#end("SIGTERM");
    clearTimeout(timer);
  }

  pause(): void {
    if (this.#child === null) return;
    this.#isPaused = true;
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#child?.kill("SIGCONT");
  }

  /** Its disk fails from now on; it may end because of that. */
  failDisk(failure: DiskFailure): void {
    this.#isExpectedToEnd = true;
    const message: ToServer = { disk: failure };
    this.#child?.send(message, () => {});
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#isExpectedToEnd = true;
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  #hear(message: FromServer): void {
    if ("ready" in message) this.#isReady = true;
    else this.leadsTerm = message.role === "Leader" ? message.term : null;
  }

  #ended(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#isReady = false;
    this.#isPaused = false;
    this.leadsTerm = null;
    if (this.#isExpectedToEnd) return;
    this.#options.onCrash(`${this.id} ended by itself (${reason}): ${this.#lastWords()}`);
  }

  #lastWords(): string {
    const lines = readFileSync(this.#options.logFile, "utf8").trimEnd().split("\n");
    return lines.slice(-5).join("\n");
  }
}

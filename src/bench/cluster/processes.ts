import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Reaper } from "../../cluster/processes/reaper.ts";
import type { ServerCommand } from "./peers.ts";

/** How long a process that was asked to stop may take until it is killed. */
const PATIENCE_MILLISECONDS = 5000;

/** The processes of a cluster, which do not outlive this one. */
export class Processes {
  readonly #reaper = new Reaper();
  #children: ChildProcess[] = [];

  start(commands: readonly ServerCommand[]): void {
    for (const { program, args } of commands) {
      const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
      this.#reaper.watch(child);
      this.#children.push(child);
    }
  }

  /** How many of those that were started have ended by themselves. */
  get ended(): number {
    return this.#children.filter(hasEnded).length;
  }

  /** Has one of them stand still, as a machine that is away does, or go on. */
  signal(place: number, signal: "SIGSTOP" | "SIGCONT"): void {
    this.#children[place]?.kill(signal);
  }

  /** Ends them all: asks them to stop (SIGTERM), or kills them at once (SIGKILL). */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const running = this.#children.filter((child) => !hasEnded(child));
    this.#children = [];
    await Promise.all(
      running.map(async (child) => {
        const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
        child.kill(signal);
        await once(child, "exit");
        clearTimeout(timer);
      }),
    );
  }

  async close(): Promise<void> {
    await this.stop("SIGTERM");
    this.#reaper.close();
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

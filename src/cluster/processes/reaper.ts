import { type ChildProcess, spawn } from "node:child_process";
import { builtProgram } from "./built-program.ts";

/** Sees to it that no process outlives this one, whatever ends it: see `reaper-program.ts`. */
export class Reaper {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = spawn(process.execPath, [builtProgram(import.meta.url, "reaper-program")], {
      stdio: ["pipe", "ignore", "ignore"],
      // A group of its own: what a terminal sends to ours (Ctrl-C) does not end it before us.
      detached: true,
    });
    this.#child.stdin?.on("error", () => {});
    this.#child.unref();
  }

  watch(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined) return;
    this.#child.stdin?.write(`+${pid}\n`);
    child.once("exit", () => this.#child.stdin?.write(`-${pid}\n`));
  }

  close(): void {
    this.#child.stdin?.end();
  }
}

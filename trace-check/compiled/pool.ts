/** Files checked by several threads at once. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { EngineError, type FileCheck } from "../engine.ts";

/** A file for a worker to check. */
export interface Task {
  readonly file: string;
  readonly rules: readonly string[] | null;
}

/** What a worker makes of one, or what went wrong with itself. */
export type Answer = { readonly check: FileCheck } | { readonly fault: string };

interface Waiting extends Task {
  readonly resolve: (check: FileCheck) => void;
  readonly reject: (error: Error) => void;
}

/** The worker's module; null where the package runs from its sources, which a thread cannot. */
function workerModule(): URL | null {
  const module = new URL("./worker.js", import.meta.url);
  return existsSync(fileURLToPath(module)) ? module : null;
}

/** A pool of so many workers; null where there can be none. */
export function openPool(workers: number): Pool | null {
  const module = workerModule();
  return module === null ? null : new Pool(module, workers);
}

export class Pool {
  readonly #idle: Worker[];
  readonly #all: readonly Worker[];
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Map<Worker, Waiting>();

  constructor(module: URL, workers: number) {
    this.#all = Array.from({ length: workers }, () => this.#start(module));
    this.#idle = [...this.#all];
  }

  check(file: string, rules: readonly string[] | null): Promise<FileCheck> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ file, rules, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  #start(module: URL): Worker {
    const worker = new Worker(module);
    // A pool that is not closed keeps no process alive.
    worker.unref();
    worker.on("message", (answer: Answer) => this.#done(worker, answer));
    worker.on("error", (error) => this.#done(worker, { fault: String(error) }));
    return worker;
  }

  #next(): void {
    const worker = this.#idle.pop();
    if (worker === undefined) return;
    const task = this.#waiting.shift();
    if (task === undefined) {
      this.#idle.push(worker);
      return;
    }
    this.#busy.set(worker, task);
    worker.ref();
    worker.postMessage({ file: task.file, rules: task.rules } satisfies Task);
  }

  #done(worker: Worker, answer: Answer): void {
    const task = this.#busy.get(worker);
    this.#busy.delete(worker);
    worker.unref();
    if ("check" in answer) {
      task?.resolve(answer.check);
      this.#idle.push(worker);
    } else {
      task?.reject(new EngineError(`a worker failed on ${task.file}: ${answer.fault}`));
    }
    this.#next();
  }
}

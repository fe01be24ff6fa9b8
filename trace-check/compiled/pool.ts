/** Files checked by several threads at once. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { EngineError, type FileCheck } from "../engine.ts";

/** A file for a worker to check, or the files of an execution. */
export interface Task {
  readonly files: readonly string[];
  readonly isExecution: boolean;
  readonly rules: readonly string[] | null;
}

/** What a worker makes of one, or what went wrong with itself. */
export type Answer = { readonly check: FileCheck } | { readonly fault: string };

interface Waiting {
  readonly task: Task;
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
  readonly #module: URL;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #isClosed = false;

  constructor(module: URL, workers: number) {
    this.#module = module;
    for (let i = 0; i < workers; i++) this.#start();
  }

  /** What a worker makes of a task. @throws EngineError where the worker fails on it */
  check(task: Task): Promise<FileCheck> {
    if (this.#all.size === 0) this.#start();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): void {
    const worker = new Worker(this.#module);
    // A pool that is not closed keeps no process alive.
    worker.unref();
    worker.on("message", (answer: Answer) => this.#done(worker, answer));
    let fault = "its thread ended";
    worker.on("error", (error) => {
      fault = String(error);
    });
    worker.on("exit", () => this.#ended(worker, fault));
    this.#all.add(worker);
    this.#idle.push(worker);
  }

  #next(): void {
    const worker = this.#idle.pop();
    if (worker === undefined) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      this.#idle.push(worker);
      return;
    }
    this.#busy.set(worker, waiting);
    worker.ref();
    worker.postMessage(waiting.task);
  }

  #done(worker: Worker, answer: Answer): void {
    const waiting = this.#busy.get(worker);
    this.#busy.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    if (waiting !== undefined) {
      if ("check" in answer) waiting.resolve(answer.check);
      else waiting.reject(failure(waiting.task, answer.fault));
    }
    this.#next();
  }

  /** A thread that has ended fails what it was at; the next task gets another thread. */
  #ended(worker: Worker, fault: string): void {
    const waiting = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#all.delete(worker);
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    waiting?.reject(failure(waiting.task, fault));
    if (this.#isClosed || waiting === undefined) return;
    this.#start();
    this.#next();
  }
}

function failure({ files }: Task, fault: string): EngineError {
  return new EngineError(`a worker failed on ${files.join(", ")}: ${fault}`);
}

import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

/** What was left by the last full collection of garbage, in bytes; 0 before the first one. */
export interface AliveMemory {
  readonly heapBytes: number;
  /** Buffers above all: they are kept outside the heap, by what is alive in it. */
  readonly externalBytes: number;
  /** How many full collections there were. */
  readonly fullCollections: number;
}

/**
 * Knows what stays alive. What the process takes of memory cannot tell a leak from garbage that V8 has
 * not collected yet, or from pages that it keeps for the next of it. Collections of the young
 * generation alone are passed over, since they leave garbage in the old one. What is allocated between
 * the end of a collection and the turn in which it is told of is counted too.
 */
export class HeapWatch {
  #alive: AliveMemory = { heapBytes: 0, externalBytes: 0, fullCollections: 0 };
  readonly #observer: PerformanceObserver;
  readonly #onCollected: (alive: AliveMemory) => void;

  /** @param onCollected told of every full collection, in a later turn */
  constructor(onCollected: (alive: AliveMemory) => void = () => {}) {
    this.#onCollected = onCollected;
    this.#observer = new PerformanceObserver((list) => {
      const full = list.getEntries().filter(isFull).length;
      if (full > 0) this.#look(full);
    });
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  get alive(): AliveMemory {
    return this.#alive;
  }

  close(): void {
    this.#observer.disconnect();
  }

  #look(full: number): void {
    const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
    const fullCollections = this.#alive.fullCollections + full;
    this.#alive = { heapBytes, externalBytes, fullCollections };
    this.#onCollected(this.#alive);
  }
}

function isFull(entry: PerformanceEntry): boolean {
  const detail: unknown = "detail" in entry ? entry.detail : null;
  if (typeof detail !== "object" || detail === null || !("kind" in detail)) return false;
  return detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

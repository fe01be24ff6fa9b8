import { setFlagsFromString } from "node:v8";
import { HeapWatch } from "../../node/heap-watch.ts";

/** Of a heap that has less alive than this, nobody misses the memory that it may grow by. */
const SMALL_HEAP_BYTES = 32 * 1024 * 1024;

const SMALL_GROWS_PERCENT = 300;
const LARGE_GROWS_PERCENT = 100;

/**
 * Has V8 collect garbage when the heap is twice what was alive after the last full collection, and a
 * small one when it is four times that. By itself V8 takes up to four times of any, by how fast memory
 * is allocated and collected at the moment, so that on a busy machine the same load takes twice the
 * memory at one hour than at another. A full collection of a small heap is soon there again, and its
 * helper threads keep the servers of a small machine waiting. It is a setting of the whole process, and
 * so no part of a server in somebody's program.
 */
export function boundHeap(): void {
  grow(LARGE_GROWS_PERCENT);
  new HeapWatch(({ heapBytes }) =>
    grow(heapBytes < SMALL_HEAP_BYTES ? SMALL_GROWS_PERCENT : LARGE_GROWS_PERCENT),
  );
}

function grow(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

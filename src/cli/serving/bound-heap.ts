import { setFlagsFromString } from "node:v8";

/** By how much the heap may grow over what stayed alive, in percent, before it is collected again. */
const GROWING_PERCENT = 100;

/**
 * Has V8 collect garbage when the heap is twice what was alive after the last full collection. By
 * itself it takes up to four times, by how fast memory is allocated and collected at the moment, so that
 * on a busy machine the same load takes twice the memory at one hour than at another. It is a setting of
 * the whole process, and so no part of a server in somebody's program.
 */
export function boundHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}

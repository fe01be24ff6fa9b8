/** What is to happen at a tick of virtual time. */
interface Pending<Happening> {
  readonly time: number;
  /** Of two at the same tick, the one that was scheduled first comes first. */
  readonly order: number;
  readonly happening: Happening;
}

/** The future of a simulated world: a binary heap, earliest first, ties in order of arrival. */
export class EventQueue<Happening> {
  readonly #heap: Pending<Happening>[] = [];
  #scheduled = 0;
  #now = 0;

  /** The tick of what was taken last. */
  get now(): number {
    return this.#now;
  }

  /** Lets something happen `delay` ticks from now; at once where it is 0. */
  schedule(delay: number, happening: Happening): void {
    const item: Pending<Happening> = {
      time: this.#now + delay,
      order: this.#scheduled++,
      happening,
    };
    const heap = this.#heap;
    let place = heap.length;
    heap.push(item);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(item, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = item;
  }

  /** Takes what comes next, and moves the time on to it; null where nothing is left. */
  take(): Happening | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length > 0) this.#sinkFromTop(last);
    this.#now = first.time;
    return first.happening;
  }

  #sinkFromTop(item: Pending<Happening>): void {
    const heap = this.#heap;
    const size = heap.length;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let child = heap[below];
      if (child === undefined) break;
      const right = below + 1 < size ? heap[below + 1] : undefined;
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        below++;
      }
      if (!isBefore(child, item)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = item;
  }
}

function isBefore<Happening>(a: Pending<Happening>, b: Pending<Happening>): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/**
 * The files of one execution in one order while they are read: that of merge.ts, in which each
 * event comes as soon as what it receives was sent, those of the server that the header names
 * first before others. No more is held than what was read ahead of each file.
 */
import type { TraceEvent } from "../../src/trace/format.ts";
import type { OpenTrace } from "../../src/trace/reader.ts";

/** A file as far as it was read. */
interface Head {
  readonly server: string;
  readonly batches: AsyncIterator<{ readonly events: readonly TraceEvent[] }>;
  events: readonly TraceEvent[];
  next: number;
  /** The number of the last event that was taken; 0 before the first. */
  taken: number;
}

/**
 * Events in causal order, in pieces. Where a receipt is left that no order satisfies, it gives
 * null and ends: nothing but the whole of the files tells what that is.
 *
 * @param files one of each server, in the order of the header's servers
 */
export async function* inCausalOrder(
  files: readonly OpenTrace[],
): AsyncGenerator<readonly TraceEvent[] | null> {
  const heads = files.map(({ header, batches }): Head => {
    const iterator = batches[Symbol.asyncIterator]();
    return { server: header.server ?? "", batches: iterator, events: [], next: 0, taken: 0 };
  });
  const open = new Set(heads);
  const bySender = new Map(heads.map((head) => [head.server, head]));
  try {
    for (;;) {
      for (const head of [...open]) if (!(await fill(head))) open.delete(head);
      if (open.size === 0) return;
      const events = takeReady(heads, bySender, open);
      yield events.length === 0 ? null : events;
      if (events.length === 0) return;
    }
  } finally {
    for (const { batches } of heads) await batches.return?.();
  }
}

/** Reads on where all that was read is taken; false at the end of the file. */
async function fill(head: Head): Promise<boolean> {
  while (head.next === head.events.length) {
    const { done, value } = await head.batches.next();
    if (done === true) return false;
    head.events = value.events;
    head.next = 0;
  }
  return true;
}

/** What can be taken until nothing more can, or what was read of a file comes to its end. */
function takeReady(
  heads: readonly Head[],
  bySender: ReadonlyMap<string, Head>,
  open: ReadonlySet<Head>,
): readonly TraceEvent[] {
  const taken: TraceEvent[] = [];
  for (;;) {
    const head = heads.find((each) => isReady(each.events[each.next], bySender));
    const event = head?.events[head.next];
    if (head === undefined || event === undefined) return taken;
    taken.push(event);
    head.next++;
    head.taken = event.seq;
    if (head.next === head.events.length && open.has(head)) return taken;
  }
}

/** Whether what an event receives was sent. An id, `server:seq:k`, says by which event. */
function isReady(event: TraceEvent | undefined, bySender: ReadonlyMap<string, Head>): boolean {
  if (event === undefined) return false;
  const id = event.received;
  if (id === undefined) return true;
  const beforeK = id.lastIndexOf(":");
  const beforeSeq = id.lastIndexOf(":", beforeK - 1);
  const sender = bySender.get(id.slice(0, Math.max(0, beforeSeq)));
  return sender !== undefined && sender.taken >= Number(id.slice(beforeSeq + 1, beforeK));
}

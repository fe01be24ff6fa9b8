import type { Entry, Index } from "../../core/index.ts";
import { entryText, isSameEntry } from "./cluster-view.ts";
import type { Violation } from "./violation.ts";

/** Commands that a client was told are done: none is ever lost (§5.3, §8). */
export class Acknowledged {
  readonly #entries = new Map<Index, Entry>();

  get count(): number {
    return this.#entries.size;
  }

  /** A server tells a client that the entry at `index` has been executed. */
  add(index: Index, entry: Entry): Violation | null {
    const known = this.#entries.get(index);
    if (known !== undefined && !isSameEntry(known, entry)) {
      return lost(index, known, `${entryText(entry)} was acknowledged there too`);
    }
    this.#entries.set(index, entry);
    return null;
  }

  /** At the end, when all has healed: a server that applied so far must hold them all. */
  check(server: string, log: readonly Entry[], lastApplied: Index): Violation | null {
    for (const [index, entry] of this.#entries) {
      if (index > lastApplied) {
        return lost(index, entry, `${server} has applied no further than ${lastApplied}`);
      }
      const held = log[index - 1];
      if (!isSameEntry(held, entry)) {
        return lost(index, entry, `${server} holds ${entryText(held)} there`);
      }
    }
    return null;
  }
}

function lost(index: Index, entry: Entry, found: string): Violation {
  return {
    property: "AcknowledgedNeverLost",
    explanation: `${entryText(entry)} was acknowledged at index ${index}, and ${found}`,
  };
}

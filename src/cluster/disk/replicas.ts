import type { StoredState } from "../../node/storage.ts";
import { KeyValueStore } from "../../state-machine/index.ts";
import type { Disks } from "./read-disks.ts";

/**
 * Holds the state machines of all disks against each other, as they are once they have executed all
 * up to `index`, which is committed. Disks that do not reach as far, or are further by their
 * snapshot, are left out; and those that have another entry there, which a deposed leader left and
 * nobody has replaced yet. That one has a lower term, since every later leader has what is committed
 * (§5.4.3); whether enough disks have that is for `Acknowledged.findLost` to say.
 *
 * @returns what differs, in words; null where nothing does
 */
export function findDifference(disks: Disks, index: number): string | null {
  const terms = [...disks.values()].map((state) => (state === null ? 0 : termAt(state, index)));
  const committed = Math.max(...terms);
  let first: { readonly id: string; readonly text: string } | null = null;
  for (const [id, state] of disks) {
    if (state === null || termAt(state, index) !== committed) continue;
    const text = stateAt(state, index);
    if (text === null) continue;
    first ??= { id, text };
    if (text === first.text) continue;
    return `the state machines of ${first.id} and ${id} differ after the entry at index ${index}`;
  }
  return null;
}

/** The term of the entry at `index`; 0 where the disk does not tell. */
function termAt({ snapshot, entries }: StoredState, index: number): number {
  const base = snapshot?.lastIncludedIndex ?? 0;
  if (base === index) return snapshot?.lastIncludedTerm ?? 0;
  return entries[index - base - 1]?.term ?? 0;
}

/** The state after the entry at `index`, as text; null where the disk does not tell. */
function stateAt({ snapshot, entries }: StoredState, index: number): string | null {
  const base = snapshot?.lastIncludedIndex ?? 0;
  if (base > index || base + entries.length < index) return null;
  const store = new KeyValueStore();
  if (snapshot !== null) store.restore(snapshot.data);
  for (const [place, { command }] of entries.slice(0, index - base).entries()) {
    store.apply(base + place + 1, command);
  }
  return store.describe();
}

import type { StoredState } from "../../node/storage.ts";
import { KeyValueStore } from "../../state-machine/index.ts";
import type { Disks } from "./read-disks.ts";

/**
 * Holds the state machines of all disks against each other, as they are once they have executed all
 * up to `index`, which is committed. Disks that do not reach as far, or are further by their
 * snapshot, are left out.
 *
 * @returns what differs, in words; null where nothing does
 */
export function findDifference(disks: Disks, index: number): string | null {
  let first: { readonly id: string; readonly text: string } | null = null;
  for (const [id, state] of disks) {
    const text = state === null ? null : stateAt(state, index);
    if (text === null) continue;
    first ??= { id, text };
    if (text === first.text) continue;
    return `the state machines of ${first.id} and ${id} differ after the entry at index ${index}`;
  }
  return null;
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

/**
 * Items that come and go by the thousand, few of them there at once, found by a hash. A Map has a
 * new table made for every few that come and go, and each table holds the next one: where the
 * garbage collector has once moved one among what is old, it keeps all tables after it, with all
 * that was in them, until it looks through the old as well.
 */

/** An item, in one list with those that came before it whose hashes are alike. */
export interface Linked<Item> {
  readonly hash: number;
  next: Item | null;
}

const FIRST_LISTS = 64;

export class HashLists<Item extends Linked<Item>> {
  /** As many as a power of two, so that the last bits of a hash name one. */
  #newest: (Item | null)[] = new Array<Item | null>(FIRST_LISTS).fill(null);
  #count = 0;

  /** The first of a list in which all items with this hash are, and others. */
  listOf(hash: number): Item | null {
    return this.#newest[hash & (this.#newest.length - 1)] ?? null;
  }

  add(item: Item): void {
    if (this.#count === this.#newest.length) this.#spread();
    this.#count++;
    this.#link(item);
  }

  /** Takes away an item, which is in one of the lists. */
  remove(item: Item): void {
    this.#count--;
    const place = item.hash & (this.#newest.length - 1);
    let before = this.#newest[place] ?? null;
    if (before === item) {
      this.#newest[place] = item.next;
      return;
    }
    while (before !== null && before.next !== item) before = before.next;
    if (before !== null) before.next = item.next;
  }

  #link(item: Item): void {
    const place = item.hash & (this.#newest.length - 1);
    item.next = this.#newest[place] ?? null;
    this.#newest[place] = item;
  }

  /** Over twice as many lists. */
  #spread(): void {
    const lists = this.#newest;
    this.#newest = new Array<Item | null>(2 * lists.length).fill(null);
    for (const first of lists) {
      for (let item = first; item !== null; ) {
        const { next } = item;
        this.#link(item);
        item = next;
      }
    }
  }
}

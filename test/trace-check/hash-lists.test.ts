import { expect, test } from "vitest";
import { HashLists, type Linked } from "../../trace-check/compiled/hash-lists.ts";

interface Item extends Linked<Item> {
  readonly name: number;
}

const SHORTEST = 20;
const LONGEST = 400;

test("items that came and did not go are in the lists of their hashes, and no others", () => {
  const lists = new HashLists<Item>();
  const there = new Map<number, Item>();
  let state = 7;
  const random = (bound: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  let most = LONGEST;
  for (let name = 0; name < 20_000; name++) {
    // Their number swells, and shrinks again.
    if (there.size >= LONGEST) most = SHORTEST;
    if (there.size <= SHORTEST) most = LONGEST;
    const item: Item = { name, hash: random(100) * 1_000_003 - 5_000_000, next: null };
    lists.add(item);
    there.set(name, item);
    while (there.size > most || (there.size > SHORTEST && random(5) < 2)) {
      const gone = [...there.values()][random(there.size)] as Item;
      lists.remove(gone);
      there.delete(gone.name);
    }
    if (name % 100 === 0) expect(found(lists)).toEqual([...there.keys()]);
  }
});

/** The names in all lists, each once. */
function found(lists: HashLists<Item>): readonly number[] {
  const names: number[] = [];
  for (let hash = 0; hash < 100; hash++) {
    const own = hash * 1_000_003 - 5_000_000;
    for (let item = lists.listOf(own); item !== null; item = item.next) {
      if (item.hash === own) names.push(item.name);
    }
  }
  return names.toSorted((a, b) => a - b);
}

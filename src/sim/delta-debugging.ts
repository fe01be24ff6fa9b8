/**
 * Leaves out as many items of a list as it can while `fails` stays true of what is left.
 *
 * This is Zeller and Hildebrandt's ddmin ("Simplifying and isolating failure-inducing input",
 * 2002), reduced to complements: leave out large pieces first, then ever smaller ones, until
 * no single item can be left out. Candidates are judged `batchSize` at a time, since a judge
 * may cost far more a call than a candidate; pieces that can each be left out are then left
 * out together, as many as will do.
 *
 * @param fails says of each candidate whether it still fails; it must be true of `items`
 */
export async function deltaDebug<Item>(
  items: readonly Item[],
  fails: (candidates: readonly (readonly Item[])[]) => Promise<readonly boolean[]>,
  batchSize: number,
): Promise<readonly Item[]> {
  let kept = items;
  let size = Math.max(1, Math.ceil(kept.length / 2));
  for (;;) {
    const before = kept.length;
    kept = await leaveOutPieces(kept, size, fails, batchSize);
    if (size > 1) size = Math.min(Math.floor(size / 2), Math.max(1, Math.ceil(kept.length / 2)));
    else if (kept.length === before) return kept;
  }
}

/** Tries to leave out each piece of `size` items, the last first: causes come early. */
async function leaveOutPieces<Item>(
  items: readonly Item[],
  size: number,
  fails: (candidates: readonly (readonly Item[])[]) => Promise<readonly boolean[]>,
  batchSize: number,
): Promise<readonly Item[]> {
  const pieces: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) {
    pieces.push(items.slice(start, start + size));
  }
  const isKept = pieces.map(() => true);
  const without = (places: readonly number[]): readonly Item[] =>
    pieces.filter((_, place) => isKept[place] === true && !places.includes(place)).flat();
  for (let end = pieces.length; end > 0; end -= batchSize) {
    const places: number[] = [];
    for (let place = end - 1; place >= Math.max(0, end - batchSize); place--) places.push(place);
    const verdicts = await fails(places.map((place) => without([place])));
    const removable = places.filter((_, at) => verdicts[at] === true);
    const together = await mostTogether(removable, without, fails);
    for (const place of together) isKept[place] = false;
  }
  return without([]);
}

/** Of places that can each be left out, the longest run from the first that can go together. */
async function mostTogether<Item>(
  removable: readonly number[],
  without: (places: readonly number[]) => readonly Item[],
  fails: (candidates: readonly (readonly Item[])[]) => Promise<readonly boolean[]>,
): Promise<readonly number[]> {
  if (removable.length <= 1) return removable;
  const runs: (readonly number[])[] = [];
  for (let length = 2; length <= removable.length; length++) runs.push(removable.slice(0, length));
  const verdicts = await fails(runs.map(without));
  const longest = runs.findLast((_, at) => verdicts[at] === true);
  return longest ?? removable.slice(0, 1);
}

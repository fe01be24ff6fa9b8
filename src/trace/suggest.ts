/**
 * The known name that was probably meant: the same but for case and punctuation, or one or
 * two letters away. Null where none is close.
 */
export function closestName(name: string, known: Iterable<string>): string | null {
  if (name.length > 64) return null;
  const plain = plainName(name);
  let closest: string | null = null;
  let closestDistance = 3;
  for (const candidate of known) {
    const plainCandidate = plainName(candidate);
    const distance = plain === plainCandidate ? 0 : editDistance(plain, plainCandidate);
    const isClose = distance <= Math.floor(candidate.length / 3);
    if (isClose && distance < closestDistance) {
      closest = candidate;
      closestDistance = distance;
    }
  }
  return closest;
}

/** ` (did you mean X?)`, or nothing. */
export function suggestion(name: string, known: Iterable<string>): string {
  const closest = closestName(name, known);
  return closest === null ? "" : ` (did you mean ${JSON.stringify(closest)}?)`;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Letters to insert, drop, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let distance = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) distance = Math.min(distance, (before[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

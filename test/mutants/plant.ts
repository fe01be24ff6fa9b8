import type { Defect } from "./defect.ts";

/** A defect does not fit the source any more: what to mend is the defect's own text. */
export class PlantingError extends Error {
  constructor(defect: string, file: string, why: string) {
    super(`the defect ${defect} cannot be planted in ${file}: ${why}`);
    this.name = "PlantingError";
  }
}

/**
 * The files that a defect changes, with it planted.
 *
 * @param read gives the text of a file of the source
 * @throws PlantingError where a text that is to be replaced is gone, or is there twice
 */
export function plant(
  defect: Pick<Defect, "name" | "planted">,
  read: (file: string) => string,
): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { file, find, by } of defect.planted) {
    const text = changed.get(file) ?? read(file);
    const pieces = text.split(find);
    if (pieces.length === 2) changed.set(file, pieces.join(by));
    else if (pieces.length < 2) throw new PlantingError(defect.name, file, `it lacks\n${find}`);
    else throw new PlantingError(defect.name, file, `it has ${pieces.length - 1} times\n${find}`);
  }
  return changed;
}

import { crc32 } from "node:zlib";
import type { StoredState } from "../../node/storage.ts";
import { decodeCommand, type Operation } from "../../state-machine/index.ts";
import type { Disks } from "./read-disks.ts";

/** A write that a client was told is done, and that too few disks hold. */
export interface LostWrite {
  readonly index: number;
  readonly explanation: string;
}

/** Writes that clients were told are done, by the index of their log entry. */
export class Acknowledged {
  /** A checksum of the operation, to need no more memory than that for each. */
  readonly #writes = new Map<number, number>();
  #conflict: LostWrite | null = null;

  get count(): number {
    return this.#writes.size;
  }

  /** The highest index at which a write was acknowledged; 0 for none. */
  get highestIndex(): number {
    let highest = 0;
    for (const index of this.#writes.keys()) highest = Math.max(highest, index);
    return highest;
  }

  add(index: number, operation: Operation): void {
    const sum = checksum(operation);
    if ((this.#writes.get(index) ?? sum) !== sum) {
      this.#conflict ??= {
        index,
        explanation: `two different writes were acknowledged at index ${index}, of which one is lost`,
      };
    }
    this.#writes.set(index, sum);
  }

  /**
   * Holds the disks of all servers against what was acknowledged: a majority must have each write,
   * in its log or in a snapshot that includes its index. A disk that cannot be read is null, and
   * has none.
   */
  findLost(disks: Disks): LostWrite | null {
    if (this.#conflict !== null) return this.#conflict;
    const held = [...disks].map(([id, state]) => ({
      id,
      base: state?.snapshot?.lastIncludedIndex ?? 0,
      sums: state === null ? [] : sumsOf(state),
    }));
    const majority = Math.floor(held.length / 2) + 1;
    for (const [index, sum] of this.#writes) {
      const holders = held.filter(
        ({ base, sums }) => index <= base || sums[index - base - 1] === sum,
      );
      if (holders.length >= majority) continue;
      const names = holders.map(({ id }) => id).join(", ");
      return {
        index,
        explanation:
          `the write at index ${index} was acknowledged, and of ${held.length} disks ` +
          `${holders.length === 0 ? "none holds it" : `only ${names} ${holders.length === 1 ? "holds" : "hold"} it`} there: ` +
          held
            .map(({ id, base, sums }) => `${id} has entries up to ${base + sums.length}`)
            .join(", "),
      };
    }
    return null;
  }
}

/** The checksum of each entry's operation; -1 for an entry that is none. */
function sumsOf({ entries }: StoredState): readonly number[] {
  return entries.map(({ command }) => {
    const decoded = command === null ? "" : decodeCommand(command);
    return typeof decoded === "string" || !("operation" in decoded)
      ? -1
      : checksum(decoded.operation);
  });
}

function checksum(operation: Operation): number {
  const { type, key } = operation;
  const expected = type === "compareAndSet" ? operation.expected : null;
  const value = type === "put" || type === "compareAndSet" ? operation.value : null;
  return crc32(JSON.stringify([type, key, expected, value]));
}

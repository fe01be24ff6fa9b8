/** The states seen: 64-bit fingerprints in an open-addressed table, numbered from 0 in order. */

const EMPTY = -1;

export class Fingerprints {
  #capacity = 1 << 16;
  #slots = new Int32Array(this.#capacity).fill(EMPTY);
  #lane1 = new Int32Array(1 << 15);
  #lane2 = new Int32Array(1 << 15);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The number of a fingerprint that is new, or -1 where it was seen. */
  add(lane1: number, lane2: number): number {
    if (this.#count * 2 >= this.#capacity) this.#grow();
    const slot = this.#find(lane1, lane2);
    if (this.#slots[slot] !== EMPTY) return -1;
    const number = this.#count++;
    this.#slots[slot] = number;
    if (number >= this.#lane1.length) {
      this.#lane1 = longer(this.#lane1);
      this.#lane2 = longer(this.#lane2);
    }
    this.#lane1[number] = lane1;
    this.#lane2[number] = lane2;
    return number;
  }

  /** The number of a fingerprint that was added; -1 for any other. */
  numberOf(lane1: number, lane2: number): number {
    return this.#slots[this.#find(lane1, lane2)] ?? EMPTY;
  }

  #find(lane1: number, lane2: number): number {
    const mask = this.#capacity - 1;
    let slot = (lane1 ^ Math.imul(lane2, 0x9e3779b1)) & mask;
    for (;;) {
      const number = this.#slots[slot] ?? EMPTY;
      if (number === EMPTY) return slot;
      if (this.#lane1[number] === lane1 && this.#lane2[number] === lane2) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity).fill(EMPTY);
    for (let number = 0; number < this.#count; number++) {
      const slot = this.#find(this.#lane1[number] ?? 0, this.#lane2[number] ?? 0);
      this.#slots[slot] = number;
    }
  }
}

function longer(lane: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(lane.length * 2);
  grown.set(lane);
  return grown;
}

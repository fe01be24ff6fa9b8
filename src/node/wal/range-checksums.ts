/** The polynomial of CRC-32 but for its highest power; the lowest power is the highest bit. */
const POLYNOMIAL = 0xedb88320;

/** x^0 */
const ONE = 0x80000000;

/** By a byte: what it adds to a checksum. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = timesX(remainder);
  return remainder;
});

/** At n: x^(8 * 2^n), by which a checksum is multiplied where 2^n bytes follow. */
const POWERS: readonly number[] = powers();

/**
 * The CRC-32 of any range of some bytes, each in a moment, however long it is: from those of all
 * beginnings, computed once, as zlib's `crc32_combine` does it.
 */
export class RangeChecksums {
  readonly #from: number;
  /** At n: that of the first n bytes. */
  readonly #ofBeginnings: Uint32Array;

  /** Of ranges from `from` on; takes four bytes of memory for each that is there. */
  constructor(bytes: Buffer, from: number) {
    this.#from = from;
    this.#ofBeginnings = new Uint32Array(bytes.length - from + 1);
    let rest = 0xffffffff;
    for (let at = from; at < bytes.length; at++) {
      rest = (rest >>> 8) ^ (TABLE[(rest ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
      this.#ofBeginnings[at - from + 1] = ~rest;
    }
  }

  /** What `crc32(bytes.subarray(begin, end), initial)` gives. */
  of(begin: number, end: number, initial: number): number {
    const before = this.#ofBeginnings[begin - this.#from] ?? 0;
    const whole = this.#ofBeginnings[end - this.#from] ?? 0;
    return (followedBy(end - begin, initial ^ before) ^ whole) >>> 0;
  }
}

/** A checksum as it counts where so many bytes follow. */
function followedBy(bytes: number, checksum: number): number {
  let product = checksum;
  for (let rest = bytes, power = 0; rest > 0; rest = Math.floor(rest / 2), power++) {
    if (rest % 2 === 1) product = times(product, POWERS[power] ?? 0);
  }
  return product;
}

/** The product of two polynomials, by that of CRC-32. */
function times(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let rest = a; rest !== 0; rest <<= 1) {
    if ((rest & ONE) !== 0) product ^= shifted;
    shifted = timesX(shifted);
  }
  return product;
}

function timesX(a: number): number {
  return (a & 1) === 0 ? a >>> 1 : (a >>> 1) ^ POLYNOMIAL;
}

function powers(): readonly number[] {
  let power = ONE >>> 8;
  return Array.from({ length: 53 }, () => {
    const last = power;
    power = times(power, power);
    return last;
  });
}

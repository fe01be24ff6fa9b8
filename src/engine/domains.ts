/** Domains of functions, shared among all functions with the same domain. */
import { compare, equal } from "./compare.ts";
import { hashLane } from "./hash.ts";
import type { SetValue, Value } from "./values.ts";

export type DomainKind = "tuple" | "record" | "function";

/** A finite domain: its keys in TLC's order, and where each key stands. */
export abstract class Domain {
  abstract readonly kind: DomainKind;
  abstract readonly size: number;
  /** The position of a key, from 0; -1 where it is not in the domain. */
  abstract position(key: Value): number;
  abstract key(position: number): Value;
  /** Its keys as a set, once that was asked for; see `domain` in functions.ts. */
  set: SetValue | null = null;
  /** Of a record: for the number of a field's name (see `fieldName`) its position; -1 for none. */
  readonly places: number[] = [];

  keys(): Value[] {
    return Array.from({ length: this.size }, (_, position) => this.key(position));
  }
}

/** 1..size: the domain of a sequence. */
export class TupleDomain extends Domain {
  readonly kind = "tuple";
  readonly size: number;

  constructor(size: number) {
    super();
    this.size = size;
  }

  position(key: Value): number {
    if (typeof key !== "number") return -1;
    return key >= 1 && key <= this.size ? key - 1 : -1;
  }

  key(position: number): Value {
    return position + 1;
  }
}

/** So many keys are looked through faster than a map is asked. */
const FEW_KEYS = 8;

/** A domain of values that are found by identity: strings, numbers, booleans, model values. */
class SimpleDomain extends Domain {
  readonly kind: DomainKind;
  readonly size: number;
  readonly #keys: readonly Value[];
  readonly #positions = new Map<Value, number>();
  /** The key that was asked for last, and its position: one server's step asks for it often. */
  #lastKey: Value | undefined = undefined;
  #lastPosition = -1;

  constructor(kind: DomainKind, keys: readonly Value[]) {
    super();
    this.kind = kind;
    this.#keys = keys;
    this.size = keys.length;
    for (let position = 0; position < keys.length; position++) {
      this.#positions.set(this.key(position), position);
    }
  }

  position(key: Value): number {
    if (key !== this.#lastKey) {
      this.#lastPosition = this.#find(key);
      this.#lastKey = key;
    }
    return this.#lastPosition;
  }

  #find(key: Value): number {
    const keys = this.#keys;
    if (keys.length > FEW_KEYS) return this.#positions.get(key) ?? -1;
    for (let position = 0; position < keys.length; position++) {
      if (keys[position] === key) return position;
    }
    return -1;
  }

  key(position: number): Value {
    const key = this.#keys[position];
    if (key === undefined) throw new RangeError(`no key at ${position}`);
    return key;
  }
}

/** A domain of tuples, records or sets, found by their order. */
class SortedDomain extends Domain {
  readonly kind = "function";
  readonly size: number;
  readonly #keys: readonly Value[];

  constructor(keys: readonly Value[]) {
    super();
    this.#keys = keys;
    this.size = keys.length;
  }

  position(key: Value): number {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compare(this.key(middle), key);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  key(position: number): Value {
    const key = this.#keys[position];
    if (key === undefined) throw new RangeError(`no key at ${position}`);
    return key;
  }
}

const tupleDomains: TupleDomain[] = [];

/** The domain 1..size; one object for each size. */
export function tupleDomain(size: number): TupleDomain {
  for (let next = tupleDomains.length; next <= size; next++) {
    tupleDomains.push(new TupleDomain(next));
  }
  const domain = tupleDomains[size];
  if (domain === undefined) throw new RangeError(`no domain 1..${size}`);
  return domain;
}

const recordDomains = new Map<string, Domain>();

/** The domain of a record; names in any order, which must not repeat. One object for each set of names. */
export function recordDomain(names: readonly string[]): Domain {
  const written = names.join("\0");
  const known = recordDomains.get(written);
  if (known !== undefined) return known;
  const sorted = [...names].sort();
  const id = sorted.join("\0");
  const domain = recordDomains.get(id) ?? new SimpleDomain("record", sorted);
  recordDomains.set(id, domain);
  recordDomains.set(written, domain);
  return domain;
}

const functionDomains = new Map<number, Domain[]>();

/** The domain with these keys, sorted and without repeats; one object for each set of keys. */
export function domainOf(keys: readonly Value[]): Domain {
  if (keys.every((key, position) => key === position + 1)) return tupleDomain(keys.length);
  if (keys.every((key) => typeof key === "string")) return recordDomain(keys);
  let hash = keys.length;
  for (const key of keys) hash = (Math.imul(hash, 31) + hashLane(key)) | 0;
  const others = functionDomains.get(hash) ?? [];
  const known = others.find((domain) => sameKeys(domain, keys));
  if (known !== undefined) return known;
  const domain = keys.some((key) => typeof key === "object" && !("index" in key))
    ? new SortedDomain(keys)
    : new SimpleDomain("function", keys);
  functionDomains.set(hash, [...others, domain]);
  return domain;
}

function sameKeys(domain: Domain, keys: readonly Value[]): boolean {
  if (domain.size !== keys.length) return false;
  return keys.every((key, position) => {
    const other = domain.key(position);
    return typeof key === typeof other && equal(key, other);
  });
}

/** Fields of objects as bits, so that which of them were there is one number. */
import { type Cursor, NOT_PLAIN } from "./cursor.ts";
import { Words } from "./words.ts";

/** An object while it is being made. */
export type Mutable<Type> = { -readonly [field in keyof Type]: Type[field] };

/** For each of some fields, at most 31, a bit of its own. */
export type Bits<Field extends string> = Readonly<Record<Field, number>>;

export function bitsOf<Field extends string>(fields: readonly Field[]): Bits<Field> {
  return Object.fromEntries(fields.map((field, i) => [field, 1 << i])) as Bits<Field>;
}

/** The keys by which a reader knows the fields. */
export function keysOf(bits: Readonly<Record<string, number>>): Words<number> {
  return new Words(Object.entries(bits));
}

/** The bits of some fields. */
export function maskOf(bits: Readonly<Record<string, number>>, fields: Iterable<string>): number {
  let mask = 0;
  for (const field of fields) {
    const bit = bits[field];
    if (bit === undefined) throw new RangeError(`the field ${field} has no bit`);
    mask |= bit;
  }
  return mask;
}

/** Takes the key of the next field, which none of those `seen` may have. @returns its bit */
export function newField(cursor: Cursor, keys: Words<number>, seen: number): number {
  const field = cursor.key(keys);
  if ((seen & field) !== 0) throw NOT_PLAIN;
  return field;
}

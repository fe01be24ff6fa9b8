import { FormFault } from "./error.ts";
import { MAX_INTEGER } from "./format.ts";
import { suggestion } from "./suggest.ts";

/** Checks the form of one value; throws a FormFault, whose field is relative to the value. */
export type Check<Form> = (value: unknown, form: Form) => void;

/** An object's fields: each with its check, and which must be there. */
export interface Shape<Form> {
  /** What the object is, for messages: "an entry", "a Timeout". */
  readonly name: string;
  readonly fields: ReadonlyMap<string, Check<Form>>;
  readonly required: readonly string[];
  /** For fields that belong elsewhere: what to say of them instead of guessing at a typo. */
  readonly misplaced: ReadonlyMap<string, string>;
}

/** Counts the keys seen, which tells whether a key was there twice (see `duplicate-keys.ts`). */
export interface KeyCount {
  keys: number;
}

export function shape<Form>(
  name: string,
  fields: Readonly<Record<string, Check<Form>>>,
  required: readonly string[],
  misplaced: Readonly<Record<string, string>> = {},
): Shape<Form> {
  return {
    name,
    fields: new Map(Object.entries(fields)),
    required,
    misplaced: new Map(Object.entries(misplaced)),
  };
}

/** Checks every field of an object and that none is missing. Throws a FormFault. */
export function checkShape<Form extends KeyCount>(
  value: unknown,
  expected: Shape<Form>,
  form: Form,
): void {
  const object = asObject(value, expected.name);
  for (const key in object) {
    form.keys++;
    const check = expected.fields.get(key);
    if (check === undefined) throw unknownField(key, expected);
    try {
      check(object[key], form);
    } catch (error) {
      throw error instanceof FormFault ? error.inside(key) : error;
    }
  }
  for (const key of expected.required) {
    if (object[key] === undefined) throw missingField(key, expected);
  }
}

/** The value as an object whose fields may be read. */
export function asObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FormFault("", `${told(value)} is not an object`, `Write ${name} as a JSON object`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Checks each element of an array. */
export function checkElements<Form>(
  value: unknown,
  name: string,
  check: Check<Form>,
  form: Form,
): readonly unknown[] {
  const elements = asArray(value, name);
  for (let place = 0; place < elements.length; place++) {
    try {
      check(elements[place], form);
    } catch (error) {
      throw error instanceof FormFault ? error.inside(`[${place}]`) : error;
    }
  }
  return elements;
}

export function asArray(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) {
    throw new FormFault("", `${told(value)} is not an array`, `Write ${name} as a JSON array`);
  }
  return value;
}

/** An integer from `least`; `what` names it in the message. */
export function integer(least: number, what: string): Check<unknown> {
  return (value) => {
    if (isInteger(value, least)) return;
    throw new FormFault(
      "",
      `${told(value)} is not ${what}`,
      `Write an integer from ${least} to ${MAX_INTEGER}${typeof value === "string" ? ", not a string" : ""}`,
    );
  };
}

function isInteger(value: unknown, least: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= MAX_INTEGER;
}

export function text(what: string): Check<unknown> {
  return (value) => {
    if (typeof value === "string") return;
    throw new FormFault("", `${told(value)} is not ${what}`, "Write a string");
  };
}

export function boolean(value: unknown): void {
  if (typeof value === "boolean") return;
  throw new FormFault("", `${told(value)} is neither true nor false`, "Write true or false");
}

/** One of a list of names. */
export function oneOf(value: unknown, known: readonly string[], what: string): void {
  if (typeof value === "string" && known.includes(value)) return;
  const guess = typeof value === "string" ? suggestion(value, known) : "";
  throw new FormFault(
    "",
    `${told(value)} is not ${what}${guess}`,
    `Write one of ${known.join(", ")}`,
  );
}

/** A value as a message shows it: short, whatever it is. */
export function told(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string" && value.length > 40) {
    return `${JSON.stringify(value.slice(0, 40))}...`;
  }
  return JSON.stringify(value) ?? String(value);
}

function unknownField<Form>(key: string, expected: Shape<Form>): FormFault {
  const misplaced = expected.misplaced.get(key);
  const known = [...expected.fields.keys()];
  const fields = known.length === 0 ? "It has no fields" : `Its fields are ${known.join(", ")}`;
  return misplaced === undefined
    ? new FormFault(
        shown(key),
        `${expected.name} has no such field${suggestion(key, known)}`,
        fields,
      )
    : new FormFault(shown(key), `${expected.name} has no such field`, misplaced);
}

/** A key as part of a path: as it is where it is a plain name. */
function shown(key: string): string {
  return /^[A-Za-z0-9_]{1,64}$/.test(key) ? key : told(key);
}

function missingField<Form>(key: string, expected: Shape<Form>): FormFault {
  return new FormFault(
    key,
    `the field is missing from ${expected.name}`,
    `Write ${expected.required.join(", ")} in every such object`,
  );
}

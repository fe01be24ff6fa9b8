/** What is evaluated once, before the expression that uses it. */
import { type Code, code, typeName } from "./code.ts";
import type { Output } from "./output.ts";
import type { StaticType } from "./standard.ts";

/** An expression longer than this is not repeated wherever its value may be needed first. */
const LONGEST_IN_PLACE = 200;

/**
 * An expression that is used several times, evaluated once: the expression that has its value,
 * and what must be evaluated before. One that may remain unused is evaluated where it is
 * needed first.
 */
export function once(
  output: Output,
  name: string,
  isEager: boolean,
  write: () => Code,
): {
  readonly use: string;
  readonly type: StaticType;
  readonly preparations: readonly string[];
} {
  if (isEager) {
    const { js, type } = write();
    const kept = output.temporary(name, typeName(type));
    return { use: kept, type, preparations: [`${kept} = ${js}`] };
  }
  let type: StaticType = "unknown";
  const { inPlace, value } = output.either(() => {
    const written = write();
    type = written.type;
    return written.js;
  });
  if (inPlace !== null && inPlace.length <= LONGEST_IN_PLACE) {
    const kept = output.temporary(name, typeName(type));
    return { use: `(${kept} ??= ${inPlace})`, type, preparations: [] };
  }
  const kept = output.temporary(name, `() => ${typeName(type)}`);
  return { use: `${kept}()`, type, preparations: [`${kept} = R.lazy(${value})`] };
}

/** A value, once what it needs has been computed. */
export function after(preparations: readonly string[], body: Code): Code {
  if (preparations.length === 0) return body;
  return code(`(${[...preparations, body.js].join(", ")})`, body.type);
}

/** Preparations without the functions that nothing after them calls. */
export function needed(preparations: readonly string[], body: string): readonly string[] {
  return preparations.filter((each, i) => {
    const name = /^(\w+) = \([\w, ]*\) => /.exec(each)?.[1];
    if (name === undefined) return true;
    const rest = [...preparations.slice(0, i), ...preparations.slice(i + 1), body].join("\n");
    return new RegExp(`\\b${name}\\b`).test(rest);
  });
}

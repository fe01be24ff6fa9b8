/** What the compiler does not cover, it refuses by name and place. */
import { type Place, RefusedError, showPlace } from "../engine/errors.ts";
import type { Application, Argument } from "./tree.ts";

export function refuse(what: string, place: Place): never {
  throw new RefusedError(`${what} is not covered by the compiled engine (${showPlace(place)}).`);
}

/** The operand at a position, from 0; refuses an application that lacks it. */
export function operandAt(
  operands: readonly Argument[],
  i: number,
  expression: Application,
): Argument {
  return operands[i] ?? refuse("an operand that is missing", expression.place);
}

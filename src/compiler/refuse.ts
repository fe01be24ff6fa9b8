/** What the compiler does not cover, it refuses by name and place. */
import { type Place, RefusedError, showPlace } from "../engine/errors.ts";

export function refuse(what: string, place: Place): never {
  throw new RefusedError(`${what} is not covered by the compiled engine (${showPlace(place)}).`);
}

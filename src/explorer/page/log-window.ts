/** Which indexes of the logs are shown, where they are longer than there is room for. */
import type { Divergence, Value } from "../../../trace-check/engine.ts";
import type { TakenStep } from "../model/frame.ts";

const LEAST_COLUMNS = 5;
const MOST_COLUMNS = 12;

export interface LogWindow {
  readonly indexes: readonly number[];
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
}

/** By how much the window is moved at once. */
export const PAGE = MOST_COLUMNS;

/** The first index at which a log is another than the spec has it; null where none is. */
export function differsAt({ findings }: Divergence): number | null {
  const log = findings.find(({ name }) => name === "log");
  if (log === undefined || !isList(log.expected) || !isList(log.actual)) return null;
  const { expected, actual } = log;
  const length = Math.max(expected.length, actual.length);
  for (let i = 0; i < length; i++) {
    if (JSON.stringify(expected[i]) !== JSON.stringify(actual[i])) return i + 1;
  }
  return null;
}

/**
 * The end of the logs, or where the step changed one, or where it differs from the spec.
 *
 * @param moved by how many indexes one has gone back from there; on, where it is negative
 */
export function logWindow(step: TakenStep | null, longest: number, moved: number): LogWindow {
  const last = Math.max(1, longest - MOST_COLUMNS + 1);
  const place = placeOf(step);
  const home = place === null ? last : Math.min(last, Math.max(1, place - 2));
  const first = Math.max(1, Math.min(last, home - moved));
  const columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, longest));
  return {
    indexes: Array.from({ length: columns }, (_, i) => first + i),
    hasEarlier: first > 1,
    hasLater: first < last,
  };
}

function placeOf(step: TakenStep | null): number | null {
  const differs = step?.divergence == null ? null : differsAt(step.divergence);
  if (differs !== null) return differs;
  if (step?.event.action === "Restart") return null;
  return step?.event.changed?.log?.[0] ?? null;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

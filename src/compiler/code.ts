/** What an expression becomes. */
import type { StaticType } from "./standard.ts";

/** JavaScript that gives a value. */
export interface Code {
  readonly js: string;
  readonly type: StaticType;
  /** Whether evaluating it costs nothing and cannot fail. */
  readonly isAtomic: boolean;
}

/** The type, in TypeScript, of a variable that keeps such a value. */
export function typeName(type: StaticType): string {
  return type === "unknown" ? "Value" : type;
}

export function code(js: string, type: StaticType = "unknown", isAtomic = false): Code {
  return { js, type, isAtomic };
}

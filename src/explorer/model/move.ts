/**
 * What one can do on the stage. A list of moves is a schedule: with the number of servers it
 * is a whole execution, and it fits in a link.
 */
import type { Action, ServerId } from "../../core/index.ts";

/** An action of the spec with its parameters, its message by id. */
export interface Choice {
  readonly action: Action;
  readonly server: ServerId;
  /** The id of the message that a Handle... action handles. */
  readonly received: string | null;
  readonly command: string | null;
  readonly index: number;
  /** The round of a read. */
  readonly round: number;
  readonly slice: Slice | null;
  /** To whom a SendInstallSnapshot is. */
  readonly peer: ServerId | null;
}

export interface Slice {
  readonly peer: ServerId;
  readonly prevLogIndex: number;
  readonly count: number;
}

/** Who forgets a rule: the spec and the code, or the code alone, which then diverges. */
export interface Forgotten {
  readonly rule: string;
  readonly where: "both" | "code";
}

export type Move =
  | { readonly kind: "step"; readonly choice: Choice }
  | { readonly kind: "drop" | "duplicate" | "hold" | "release"; readonly message: string }
  | { readonly kind: "crash"; readonly server: ServerId }
  | { readonly kind: "partition"; readonly groups: readonly (readonly ServerId[])[] }
  | { readonly kind: "heal" }
  | { readonly kind: "forget"; readonly forgotten: Forgotten | null };

/** A choice without parameters. */
export function choice(action: Action, server: ServerId, rest: Partial<Choice> = {}): Choice {
  const none = { received: null, command: null, index: 0, round: 0, slice: null, peer: null };
  return { action, server, ...none, ...rest };
}

import { checkLinearizability } from "../../history/index.ts";
import type { World } from "../world.ts";
import type { Violation } from "./violation.ts";

/** What the whole history of an execution must satisfy. */
export interface EndResult {
  readonly violation: Violation | null;
  /** Keys whose history was too much for the linearizability check. */
  readonly undecided: readonly string[];
}

/** The oracles that need no more than what has happened so far. */
export function checkHistory(world: World): EndResult {
  const { fault, undecided } = checkLinearizability(world.clients.history);
  if (fault === null) return { violation: null, undecided };
  const { explanation } = fault;
  return { violation: { property: "Linearizability", explanation }, undecided };
}

/**
 * The oracles of an execution whose servers have all caught up: equal state machines, and
 * every acknowledged command on every server.
 */
export function checkServersAlike(world: World): Violation | null {
  const up = world.hosts.filter((host) => host.server !== null);
  for (const host of up) {
    const lost = world.acknowledged.check(host.id, host.disk.log, host.executed);
    if (lost !== null) return lost;
  }
  const [first, ...others] = up;
  if (first === undefined) return null;
  const state = first.machine.describe();
  for (const other of others) {
    if (other.machine.describe() === state) continue;
    return {
      property: "StateMachinesEqual",
      explanation: `${first.id} and ${other.id} have applied the same and differ in their state`,
    };
  }
  return null;
}

import type { World } from "../world.ts";

/**
 * What must come true within a bounded time once faults have healed: a leader stands, and
 * every command is executed on every server that is up.
 *
 * @returns null where all of it is true; otherwise what is not yet
 */
export function whatIsMissing(world: World): string | null {
  const up = world.hosts.filter((host) => host.server !== null);
  if (!up.some((host) => host.server?.role === "Leader")) return "no server leads";
  const length = Math.max(...up.map((host) => host.disk.log.length));
  for (const host of up) {
    if (host.disk.log.length !== length) {
      return `the log of ${host.id} ends at ${host.disk.log.length}, another's at ${length}`;
    }
    if (host.executed !== length) {
      return `${host.id} has executed no more than ${host.executed} of ${length} entries`;
    }
  }
  return null;
}

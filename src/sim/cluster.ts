import type { ServerId } from "../core/index.ts";

/** The most servers of a simulated cluster. */
export const MAX_SERVERS = 7;

/** The names of the servers of a cluster: s1, s2, ... */
export function serverNames(count: number): readonly ServerId[] {
  return Array.from({ length: count }, (_, place) => `s${place + 1}`);
}

/** The place, from 0, of a server by its name. */
export function placeOf(server: ServerId): number {
  return server.charCodeAt(1) - 49;
}

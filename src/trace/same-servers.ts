/** Whether two lists name the same servers: a cluster is a set, in whichever order it is written. */
export function sameServers(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify([...some].sort()) === JSON.stringify([...others].sort());
}

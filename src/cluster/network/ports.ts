import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Where ports are looked for: below those that systems give to outgoing connections, of which one
 * could be taken while its server is down, even by a connection to that very port.
 */
const LOWEST = 10_000;
const HIGHEST = 32_000;

/** Ports of loopback that nobody uses now, each another. They are free until someone takes them. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const listener = createServer();
  listener.listen(port, "127.0.0.1");
  try {
    await once(listener, "listening");
  } catch {
    return false;
  }
  await new Promise((resolve) => listener.close(resolve));
  return true;
}

import { createServer } from "node:net";
import {
  type Address,
  addressText,
  parseAddress,
  requireTlsBeyondLoopback,
  SettingError,
} from "./address.ts";
import { codeOf, type Files } from "./files/files.ts";
import { bindTo } from "./listen.ts";
import type { NodeServerOptions } from "./options.ts";
import { addressOf } from "./transport/tcp.ts";

/**
 * Before a start has touched anything: whether the addresses can be, and, at the first start, whether
 * they are free. A first start that fails because
 * an address is taken leaves no folder and no trace behind, which would look like those of a server. A
 * port may still be taken between this and the start: then the folder stays, which does no harm.
 *
 * @throws SettingError for an address that cannot be, AddressInUse where another program listens
 */
export async function requireListenable(files: Files, options: NodeServerOptions): Promise<void> {
  const hasTls = (options.tls ?? null) !== null;
  const addresses = addressesOf(options, hasTls);
  if (!(await isFirstStart(files, options.folder))) return;
  for (const address of addresses) await requireFree(address, hasTls);
}

async function isFirstStart(files: Files, folder: string): Promise<boolean> {
  try {
    return (await files.list(folder)).length === 0;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return true;
    // What else is wrong with it is told when it is made.
    return false;
  }
}

function addressesOf(options: NodeServerOptions, hasTls: boolean): readonly Address[] {
  const { id, servers, tls = null, http } = options;
  const own: Address[] = [];
  if (options.openTransport === undefined) {
    own.push(addressOf({ id, servers, tls, listen: options.listen ?? servers[id] ?? "" }));
  }
  const door = http?.[id];
  if (door !== undefined) {
    const address = parseAddress(door);
    requireTlsBeyondLoopback(address, hasTls);
    const same = own.find((one) => one.port !== 0 && addressText(one) === addressText(address));
    if (same !== undefined) {
      throw new SettingError(
        `http.${id} is ${door}, at which the server itself listens for servers and clients: give its HTTP door another port.`,
      );
    }
    own.push(address);
  }
  return own;
}

async function requireFree(address: Address, hasTls: boolean): Promise<void> {
  const probe = createServer((socket) => socket.destroy());
  await bindTo(probe, address, hasTls);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}

import type { Server } from "node:net";
import { type Address, AddressInUse, addressText, isLoopback, SettingError } from "./address.ts";

/**
 * Has a server listen. @returns where. Throws an AddressInUse where another program does, and a
 * SettingError where it cannot else, or where a name that was taken for loopback is not.
 */
export async function bindTo(server: Server, address: Address, hasTls: boolean): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(faultOf(address, error));
    server.once("error", onError);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off("error", onError);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new SettingError("no TCP address");
  if (!hasTls && !isLoopback(bound.address)) {
    server.close();
    throw new SettingError(
      `${addressText(address)} is ${bound.address}, which is not a loopback address: TLS is required.`,
    );
  }
  return { host: bound.address, port: bound.port };
}

function faultOf(address: Address, error: NodeJS.ErrnoException): Error {
  if (error.code !== "EADDRINUSE") return new SettingError(faultText(address, error));
  const where = addressText(address);
  return new AddressInUse(`${where} is in use by another program: stop it, or listen elsewhere.`);
}

function faultText(address: Address, error: NodeJS.ErrnoException): string {
  const where = addressText(address);
  switch (error.code) {
    case "EADDRNOTAVAIL":
      return `${where} is not an address of this machine.`;
    case "EACCES":
      return `${where} may not be listened on by this user: take a port above 1023.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${where}: there is no machine of this name.`;
    default:
      return `${where} cannot be listened on: ${error.message}.`;
  }
}

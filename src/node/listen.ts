import type { Server } from "node:net";
import { type Address, addressText, isLoopback, SettingError } from "./address.ts";

/**
 * Has a server listen. @returns where. Throws a SettingError where it cannot, or where a name
 * that was taken for loopback is not.
 */
export async function bindTo(server: Server, address: Address, hasTls: boolean): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void =>
      reject(new SettingError(faultText(address, error)));
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

function faultText(address: Address, error: NodeJS.ErrnoException): string {
  const where = addressText(address);
  switch (error.code) {
    case "EADDRINUSE":
      return `${where} is in use by another program: stop it, or listen elsewhere.`;
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

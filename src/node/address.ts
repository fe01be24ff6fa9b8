import { BlockList, isIP } from "node:net";

/** Where a server listens or is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** An address that another program listens on: nothing is wrong with it but that it is taken. */
export class AddressInUse extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AddressInUse";
  }
}

/** A wrong address, certificate or setting: what is wrong, and what to do. */
export class SettingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SettingError";
  }
}

/** Reads `HOST:PORT`, with an IPv6 address in brackets. Throws a SettingError. */
export function parseAddress(text: string): Address {
  const address = addressIn(text);
  if (address !== null) return address;
  throw new SettingError(
    `"${text}" is no address: HOST:PORT is expected, such as 127.0.0.1:7001 or [::1]:7001.`,
  );
}

/** Whether `parseAddress` can read it. */
export function isAddress(text: unknown): boolean {
  return typeof text === "string" && addressIn(text) !== null;
}

function addressIn(text: string): Address | null {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) return null;
  return match?.[1] !== undefined && isIP(host) !== 6 ? null : { host, port };
}

/** The address as text, as `parseAddress` reads it. */
export function addressText({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether what is sent there does not leave the machine. A name other than localhost may. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 6 ? "ipv6" : "ipv4");
}

/** Throws a SettingError where the address is not loopback and there is no TLS. */
export function requireTlsBeyondLoopback(address: Address, hasTls: boolean): void {
  if (hasTls || isLoopback(address.host)) return;
  throw new SettingError(
    `${addressText(address)} is not a loopback address, so that TLS is required: give a certificate, its key and the authority's certificate, or use 127.0.0.1.`,
  );
}

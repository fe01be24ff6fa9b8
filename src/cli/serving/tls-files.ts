import { readFileSync } from "node:fs";
import { SettingError } from "../../node/address.ts";
import type { TlsOptions } from "../../node/tls-options.ts";

/** Reads the PEM files that the settings name. Throws a SettingError. */
export function readTls(files: TlsOptions): TlsOptions {
  const { authority, certificate, key } = files;
  return { authority: readPem(authority), certificate: readPem(certificate), key: readPem(key) };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(`the file ${path} for TLS cannot be read (${reason}).`);
  }
}

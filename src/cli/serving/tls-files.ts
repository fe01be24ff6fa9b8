import { readFileSync } from "node:fs";
import { SettingError } from "../../node/address.ts";
import type { TlsOptions } from "../../node/tls-options.ts";
import { cannotBeRead } from "../../setup/system-error.ts";

/** Reads the PEM files that the settings name. Throws a SettingError. */
export function readTls(files: TlsOptions): TlsOptions {
  const { authority, certificate, key } = files;
  return { authority: readPem(authority), certificate: readPem(certificate), key: readPem(key) };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SettingError(cannotBeRead(`the file ${path} for TLS`, error));
  }
}

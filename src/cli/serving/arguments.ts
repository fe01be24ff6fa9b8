/** What `lockstep serve` is told: flags, and a configuration file that they go before. */

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ADDRESS, ADDRESSES, SEGMENT_BYTES, TIMING_SETTINGS } from "../../node/server-settings.ts";
import {
  faultOf,
  group,
  isObject,
  kind,
  required,
  type SettingsOf,
  TEXT,
  unknownName,
} from "../../node/settings.ts";
import { cannotBeRead } from "../../setup/system-error.ts";
import { CommandError, EXIT } from "../command.ts";

/** The settings by their names in the file; a flag has the same name, in kebab case. */
export interface ServeSettings {
  readonly id: string;
  readonly clusterId: string;
  readonly servers: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly listen?: string;
  readonly http?: Readonly<Record<string, string>>;
  readonly trace?: string;
  readonly tls?: {
    readonly authority: string;
    readonly certificate: string;
    readonly key: string;
  };
  readonly heartbeatMs?: number;
  readonly electionTimeoutMs?: number;
  readonly segmentBytes?: number;
  readonly logLevel?: LogLevelName;
}

export const LOG_LEVELS = ["info", "warn", "error"] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

export interface ServeArguments {
  readonly settings: ServeSettings;
  readonly json: boolean;
}

const PEM_FILE = required({ ...TEXT, expected: "the path of a PEM file is expected" });

const SETTINGS: SettingsOf<ServeSettings> = {
  id: TEXT,
  clusterId: TEXT,
  servers: ADDRESSES,
  folder: TEXT,
  listen: ADDRESS,
  http: ADDRESSES,
  trace: TEXT,
  tls: group({ authority: PEM_FILE, certificate: PEM_FILE, key: PEM_FILE }),
  ...TIMING_SETTINGS,
  segmentBytes: SEGMENT_BYTES,
  logLevel: kind(`${LOG_LEVELS.join(", ")} is expected`, (given) =>
    LOG_LEVELS.some((level) => level === given),
  ),
};

/** Throws a CommandError: what is wrong, where, and what to do. */
export function parseServeArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): ServeArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: "string" },
      id: { type: "string" },
      cluster: { type: "string" },
      server: { type: "string", multiple: true },
      folder: { type: "string" },
      listen: { type: "string" },
      http: { type: "string", multiple: true },
      trace: { type: "string" },
      "tls-authority": { type: "string" },
      "tls-certificate": { type: "string" },
      "tls-key": { type: "string" },
      "heartbeat-ms": { type: "string" },
      "election-timeout-ms": { type: "string" },
      "segment-bytes": { type: "string" },
      "log-level": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const fromFile = values.config === undefined ? {} : readConfiguration(values.config);
  const fromFlags = {
    id: values.id,
    clusterId: values.cluster,
    servers:
      addressesOf("--server", values.server) ??
      ("servers" in fromFile ? undefined : serversIn(env)),
    folder: values.folder,
    listen: values.listen,
    http: addressesOf("--http", values.http),
    trace: values.trace,
    tls: tlsOf(values["tls-authority"], values["tls-certificate"], values["tls-key"]),
    heartbeatMs: integerOf("--heartbeat-ms", values["heartbeat-ms"]),
    electionTimeoutMs: integerOf("--election-timeout-ms", values["election-timeout-ms"]),
    segmentBytes: integerOf("--segment-bytes", values["segment-bytes"]),
    logLevel: values["log-level"],
  };
  const given = Object.entries(fromFlags).filter(([, value]) => value !== undefined);
  const settings = { ...fromFile, ...Object.fromEntries(given) };
  return { settings: checkSettings(settings, values.config ?? "the flags"), json: values.json };
}

/** The settings of a file, whose values are not looked at yet. Throws a CommandError. */
export function readConfiguration(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw bad(cannotBeRead(`the configuration ${path}`, error));
  }
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    // The parser cites the text, of which a newline would end the line.
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ");
    throw bad(`the configuration ${path} is not JSON (${reason}).`);
  }
  if (!isObject(settings)) throw bad(`the configuration ${path} is not a JSON object.`);
  const unknown = unknownName(SETTINGS, settings);
  if (unknown !== null) throw bad(`${path}: ${unknown}.`);
  return settings;
}

/** The variable that names the servers where no flag and no file does. */
export const SERVERS_VARIABLE = "LOCKSTEP_SERVERS";

/** The servers that the environment names: `s1=127.0.0.1:7001,s2=127.0.0.1:7002`. */
export function serversIn(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | undefined {
  const text = env[SERVERS_VARIABLE] ?? "";
  if (text === "") return undefined;
  return addressesOf(SERVERS_VARIABLE, text.split(","));
}

/** `s1=127.0.0.1:7001`, as often as there are servers. */
export function addressesOf(
  flag: string,
  texts: readonly string[] | undefined,
): Readonly<Record<string, string>> | undefined {
  if (texts === undefined) return undefined;
  const addresses: Record<string, string> = {};
  for (const text of texts) {
    const [, name = "", address = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === "") throw bad(`${flag} ${text}: NAME=HOST:PORT is expected.`);
    if (Object.hasOwn(addresses, name)) throw bad(`${flag} ${name} is given twice.`);
    if (flag.startsWith("--") && address.includes(",")) {
      throw bad(
        `${flag} ${text}: it goes once for each server: ${flag} ${text.split(",").join(` ${flag} `)}.`,
      );
    }
    addresses[name] = address;
  }
  return addresses;
}

export function tlsOf(
  authority: string | undefined,
  certificate: string | undefined,
  key: string | undefined,
): Readonly<Record<string, string | undefined>> | undefined {
  if (authority === undefined && certificate === undefined && key === undefined) return undefined;
  return { authority, certificate, key };
}

function integerOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // How large it may be, the settings tell.
  if (!/^[1-9]\d*$/.test(text)) throw bad(`${flag} ${text} is not a positive integer.`);
  return Number(text);
}

const REQUIRED: readonly (readonly [keyof ServeSettings, flag: string])[] = [
  ["id", "--id NAME"],
  ["clusterId", "--cluster NAME"],
  ["servers", "--server NAME=HOST:PORT, for each server, set LOCKSTEP_SERVERS"],
  ["folder", "--folder DIR"],
];

function checkSettings(settings: Readonly<Record<string, unknown>>, where: string): ServeSettings {
  const fault = faultOf(SETTINGS, settings);
  if (fault !== null) throw bad(`${where}: ${fault}.`);
  for (const [key, flag] of REQUIRED) {
    if (settings[key] !== undefined) continue;
    throw bad(`${key} is missing: give ${flag}, or "${key}" in the file of --config.`);
  }
  return settings as unknown as ServeSettings;
}

function bad(message: string): CommandError {
  return new CommandError(EXIT.badInput, message);
}

/** What `lockstep client` is told: what to ask, and whom. */
import { parseArgs } from "node:util";
import { isObject } from "../../node/settings.ts";
import { isKey, KEY_FORM } from "../../state-machine/index.ts";
import { withCommas } from "../../trace/counted.ts";
import { suggestion } from "../../trace/suggest.ts";
import { CommandError, EXIT } from "../command.ts";
import {
  addressesOf,
  readConfiguration,
  SERVERS_VARIABLE,
  serversIn,
  tlsOf,
} from "../serving/arguments.ts";

/** What to ask of the cluster. */
export type ClientAction =
  | { readonly type: "get" | "delete"; readonly key: string }
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | {
      readonly type: "cas";
      readonly key: string;
      readonly expected: string | null;
      readonly value: string;
    }
  | { readonly type: "status" };

/** PEM files. */
export interface TlsFiles {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

export interface ClientArguments {
  readonly action: ClientAction;
  readonly servers: Readonly<Record<string, string>>;
  readonly clusterId: string | null;
  readonly tls: TlsFiles | null;
  readonly timeoutMilliseconds: number;
  readonly json: boolean;
}

/** Throws a CommandError: what is wrong, where, and what to do. */
export function parseClientArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ClientArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      server: { type: "string", multiple: true },
      cluster: { type: "string" },
      "tls-authority": { type: "string" },
      "tls-certificate": { type: "string" },
      "tls-key": { type: "string" },
      timeout: { type: "string", default: "10" },
      absent: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const file = values.config === undefined ? {} : readConfiguration(values.config);
  const flags = tlsOf(values["tls-authority"], values["tls-certificate"], values["tls-key"]);
  const servers = addressesOf("--server", values.server) ?? file.servers ?? serversIn(env);
  return {
    action: actionOf(positionals, values.absent),
    servers: checkServers(servers),
    clusterId: values.cluster ?? (typeof file.clusterId === "string" ? file.clusterId : null),
    tls: checkTls(flags ?? file.tls),
    timeoutMilliseconds: millisecondsOf(values.timeout),
    json: values.json,
  };
}

const ACTIONS = ["get", "put", "delete", "cas", "status"];

function actionOf(positionals: readonly string[], isAbsent: boolean): ClientAction {
  const [type = "", ...rest] = positionals;
  const [key = "", first = "", second = ""] = rest;
  if (isAbsent && type !== "cas") throw bad("--absent goes with cas only.");
  const take = (count: number, usage: string): void => {
    if (rest.length === count) return;
    throw bad(`${type} takes ${count === 0 ? "nothing" : usage}: ${rest.length} given.`);
  };
  switch (type) {
    case "get":
    case "delete":
      take(1, "KEY");
      requireKey(key);
      return { type, key };
    case "put":
      take(2, "KEY VALUE");
      requireKey(key);
      return { type, key, value: first };
    case "cas":
      take(isAbsent ? 2 : 3, isAbsent ? "KEY --absent VALUE" : "KEY EXPECTED VALUE");
      requireKey(key);
      return isAbsent
        ? { type, key, expected: null, value: first }
        : { type, key, expected: first, value: second };
    case "status":
      take(0, "");
      return { type };
    case "":
      throw bad(`say what to ask: ${ACTIONS.join(", ")}.`);
    default:
      throw bad(
        `there is no ${type}${suggestion(type, ACTIONS)}; there are: ${ACTIONS.join(", ")}.`,
      );
  }
}

/** What no server would take is not asked of any. */
function requireKey(key: string): void {
  const { length } = key;
  if (isKey(key)) return;
  const what = length === 0 ? "is empty" : `has ${withCommas(length)} characters`;
  throw bad(`the key ${what}: ${KEY_FORM} is expected.`);
}

function checkServers(servers: unknown): Readonly<Record<string, string>> {
  if (servers === undefined) {
    throw bad(
      `no server is named: give --server NAME=HOST:PORT, --config FILE, or ${SERVERS_VARIABLE}.`,
    );
  }
  if (isObject(servers) && Object.values(servers).every((text) => typeof text === "string")) {
    return servers as Readonly<Record<string, string>>;
  }
  throw bad('servers: an object is expected, such as {"s1": "127.0.0.1:7001"}.');
}

function checkTls(tls: unknown): TlsFiles | null {
  if (tls === undefined) return null;
  if (isObject(tls)) {
    const { authority, certificate, key } = tls;
    const all = [authority, certificate, key];
    if (all.every((file) => typeof file === "string")) return tls as unknown as TlsFiles;
  }
  throw bad("TLS takes three PEM files: --tls-authority, --tls-certificate and --tls-key.");
}

function millisecondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= 86_400) return seconds * 1000;
  throw bad(`--timeout ${text} is not a number of seconds from above 0 to 86400.`);
}

function bad(message: string): CommandError {
  return new CommandError(EXIT.badInput, message);
}

/** What a server's options may be: for `startServer`, and for the file of `lockstep serve`. */
import { SERVER_NAME } from "../trace/format.ts";
import { isAddress, SettingError } from "./address.ts";
import type { Timing } from "./election-timer.ts";
import type { Files } from "./files/files.ts";
import type { HostLimits } from "./host-limits.ts";
import { DEFAULT_TIMING, type NodeServerOptions } from "./options.ts";
import {
  faultOf,
  group,
  isObject,
  isPositiveInteger,
  kind,
  LONGEST_MILLISECONDS,
  onlyGiven,
  orNull,
  POSITIVE_INTEGER,
  positiveIntegerUpTo,
  required,
  type Setting,
  type SettingsOf,
  TEXT,
} from "./settings.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";
import { checkOwnCertificate } from "./tls.ts";
import type { TlsOptions } from "./tls-options.ts";

export const ADDRESS = kind(
  "HOST:PORT is expected, such as 127.0.0.1:7001 or [::1]:7001",
  isAddress,
);

/** By the servers' names. */
export const ADDRESSES: Setting = {
  type: "each",
  expected: 'an object is expected, such as {"s1": "127.0.0.1:7001"}',
  each: ADDRESS,
};

const PEM = required(
  kind("a text is expected, in the form of PEM", (given) => typeof given === "string"),
);

const TLS_SETTINGS: SettingsOf<TlsOptions> = { authority: PEM, certificate: PEM, key: PEM };
export const TLS = orNull(group(TLS_SETTINGS));

/** An election timeout is drawn up to twice as long. */
const LONGEST_TIMEOUT = positiveIntegerUpTo(Math.floor(LONGEST_MILLISECONDS / 2));

export const TIMING_SETTINGS: SettingsOf<Timing> = {
  heartbeatMs: LONGEST_TIMEOUT,
  electionTimeoutMs: LONGEST_TIMEOUT,
};

const LIMITS: SettingsOf<HostLimits> = {
  maxCommands: POSITIVE_INTEGER,
  maxCharacters: POSITIVE_INTEGER,
  maxCommandCharacters: POSITIVE_INTEGER,
  snapshotBytes: POSITIVE_INTEGER,
};

/** A segment has to have room for more than its header and a checkpoint. */
const LEAST_SEGMENT_BYTES = 4096;

/**
 * A segment is written full of zeros before it is used: a first start waits for that, 1 GiB takes it
 * seconds to a minute, and the disk holds up to five more that are ready. And a start reads each whole into
 * one buffer, of which Node gives no more than 2 GiB by one read.
 */
const MOST_SEGMENT_BYTES = 1024 * 1024 * 1024;

export const SEGMENT_BYTES = kind(
  `an integer is expected, ${LEAST_SEGMENT_BYTES} at the least and ${MOST_SEGMENT_BYTES} at the most`,
  (given) => isPositiveInteger(given) && isSegmentSize(Number(given)),
);

function isSegmentSize(bytes: number): boolean {
  return bytes >= LEAST_SEGMENT_BYTES && bytes <= MOST_SEGMENT_BYTES;
}

const FUNCTION = kind("a function is expected", (given) => typeof given === "function");

const FILE_METHODS: readonly (keyof Files)[] = [
  ...(["open", "list", "makeFolder", "rename", "remove", "syncFolder"] as const),
];

/** Those of a class, too: so it is not for its own names to say what is there. */
const FILES = kind(
  `an object is expected that has the methods ${FILE_METHODS.join(", ")}`,
  (given) => FILE_METHODS.every((name) => typeof (given as Partial<Files>)?.[name] === "function"),
);

const RULES = kind("an object is expected, with the rules of the core", isObject);

/** The state machine is looked at by `checkMachine`, which names the method that it lacks. */
const MACHINE = kind("", () => true);

export const SERVER_SETTINGS: SettingsOf<NodeServerOptions> = {
  id: required(TEXT),
  clusterId: required(TEXT),
  servers: required(ADDRESSES),
  folder: required(TEXT),
  machine: MACHINE,
  listen: ADDRESS,
  tls: TLS,
  http: orNull(ADDRESSES),
  traceFile: orNull(TEXT),
  log: FUNCTION,
  timing: group(TIMING_SETTINGS),
  limits: group(LIMITS),
  segmentBytes: SEGMENT_BYTES,
  files: FILES,
  openStorage: FUNCTION,
  openTransport: FUNCTION,
  rules: RULES,
};

/** Throws a SettingError for the first option that is wrong. Nothing was touched by then. */
export function checkOptions(options: NodeServerOptions): void {
  const fault = faultOf(SERVER_SETTINGS, options);
  if (fault !== null) throw new SettingError(`${fault}.`);
  checkServers(options);
  checkMachine(options.machine);
  if ((options.tls ?? null) !== null) checkOwnCertificate(options.tls as TlsOptions, options.id);
  const { heartbeatMs, electionTimeoutMs } = { ...DEFAULT_TIMING, ...onlyGiven(options.timing) };
  if (electionTimeoutMs >= 2 * heartbeatMs) return;
  throw new SettingError(
    `an election timeout of ${electionTimeoutMs} ms (electionTimeoutMs) with a heartbeat every ${heartbeatMs} ms (heartbeatMs) elects leaders all the time: it has to be at least twice as long.`,
  );
}

function checkServers({ id, servers, http }: NodeServerOptions): void {
  const names = Object.keys(servers);
  if (!names.includes(id)) {
    throw new SettingError(
      `server ${id} is not one of the cluster: ${names.join(", ") || "it has none"}.`,
    );
  }
  for (const name of names) {
    if (SERVER_NAME.test(name)) continue;
    throw new SettingError(
      `"${name}" is no name of a server: 1 to 64 letters, digits and . _ : @ / - are expected, beginning with a letter or digit.`,
    );
  }
  for (const name of Object.keys(http ?? {})) {
    if (names.includes(name)) continue;
    throw new SettingError(
      `an HTTP door is named of server ${name}, which is not one of the cluster: ${names.join(", ")}.`,
    );
  }
}

/** Without one the server would lead, and fail at the first command. */
function checkMachine(machine: Partial<ReplicatedStateMachine> | null | undefined): void {
  for (const method of ["apply", "query", "snapshot", "restore"] as const) {
    if (typeof machine?.[method] === "function") continue;
    throw new SettingError(`the state machine (machine) has no method ${method}.`);
  }
}

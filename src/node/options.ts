import type { Message, Rules, ServerId } from "../core/index.ts";
import type { Timing } from "./election-timer.ts";
import type { Files } from "./files/files.ts";
import type { HostLimits } from "./host-limits.ts";
import type { Log } from "./log.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";
import type { OpenedStorage, StorageOptions } from "./storage.ts";
import type { TlsOptions } from "./tls-options.ts";
import { MAX_COMMAND_CHARACTERS } from "./transport/limits.ts";
import type { Transport } from "./transport.ts";

/** What a server is started with. */
export interface NodeServerOptions {
  /** This server's name: one of `servers`. */
  readonly id: ServerId;
  /** The cluster's name: servers of another are never talked to. */
  readonly clusterId: string;
  /** All servers of the cluster by name, with the `HOST:PORT` at which each is reached. */
  readonly servers: Readonly<Record<ServerId, string>>;
  /** This server's own folder; it is made at the first start. */
  readonly folder: string;
  /** The state machine that the cluster replicates, as it is before the first command. */
  readonly machine: ReplicatedStateMachine;
  /** `HOST:PORT` to listen on, where it is another than the address in `servers`. */
  readonly listen?: string;
  /** Required where any address is not loopback. */
  readonly tls?: TlsOptions | null;
  /**
   * By name, `HOST:PORT` of the servers' HTTP doors; this server listens at its own. Absent: no
   * HTTP. The routes are those of the key-value store.
   */
  readonly http?: Readonly<Record<ServerId, string>> | null;
  /** A file for the trace of this server's steps, for `lockstep check`; absent: none. */
  readonly traceFile?: string | null;
  readonly log?: Log;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<HostLimits>;
  /** The size of a file of the write-ahead log: 16 MiB; from 4 KiB to 1 GiB. */
  readonly segmentBytes?: number;

  // Seams, at which tests put something else
  /** The file system. */
  readonly files?: Files;
  /** What must survive a crash. */
  readonly openStorage?: (options: StorageOptions) => Promise<OpenedStorage>;
  /** How messages reach the other servers; absent: TCP, by which clients come as well. */
  readonly openTransport?: (onMessage: (message: Message) => void) => Promise<Transport>;
  /** The rules of Raft, of which a test forgets one. */
  readonly rules?: Rules;
}

export const DEFAULT_TIMING: Timing = { heartbeatMs: 100, electionTimeoutMs: 500 };

export const DEFAULT_HOST_LIMITS: HostLimits = {
  maxCommands: 16_384,
  maxCharacters: 64 * 1024 * 1024,
  maxCommandCharacters: MAX_COMMAND_CHARACTERS,
  snapshotBytes: 32 * 1024 * 1024,
};

/** The most characters of a command of a server with these options. */
export function commandCharactersOf({ limits }: NodeServerOptions): number {
  return limits?.maxCommandCharacters ?? DEFAULT_HOST_LIMITS.maxCommandCharacters;
}

/**
 * A restart traces the whole log in one line, of 16 MiB at most: five quarters of `snapshotBytes`, and
 * what is under way. Both count bytes as the trace has them.
 */
export const MOST_WHEN_TRACED = {
  maxCharacters: 3 * 1024 * 1024,
  snapshotBytes: 7 * 1024 * 1024,
} as const;

export const DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;

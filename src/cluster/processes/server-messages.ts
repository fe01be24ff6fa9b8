import type { DiskFailure } from "../disk/failing-disk.ts";

/** What a server of a local cluster tells who started it, over the channel between processes. */
export type FromServer =
  | { readonly ready: true }
  | { readonly role: string; readonly term: number };

/** What it is told. */
export interface ToServer {
  readonly disk: DiskFailure;
}

/** What its configuration file says, as JSON. */
export interface ServerConfig {
  readonly id: string;
  readonly clusterId: string;
  /** `HOST:PORT` of every server, as this one reaches it. */
  readonly servers: Readonly<Record<string, string>>;
  readonly listen: string;
  readonly folder: string;
  /** null: no trace. */
  readonly traceFile: string | null;
  /** Where it notes what a loss of power would take; null: nowhere, and there is none. */
  readonly notesFolder: string | null;
}

/** `lockstep-raft` as a library: a replicated server in a few lines, with a state machine of one's own. */

export { AddressInUse, SettingError } from "./node/address.ts";
export {
  ClientError,
  type ClientErrorCode,
  ClusterClient,
  type ClusterClientOptions,
  type CompareAndSetResult,
  type Executed,
  type SendOptions,
  StoreClient,
  type StoreClientOptions,
} from "./node/client/index.ts";
export type { Outcome, RunningServer, ServerStatus } from "./node/door.ts";
export type { Timing } from "./node/election-timer.ts";
export type { Files, OpenFile } from "./node/files/files.ts";
export { nodeFiles } from "./node/files/node-files.ts";
export { FolderInUse } from "./node/folder-lock.ts";
export type { HostLimits } from "./node/host-limits.ts";
export type { Log, LogFields, LogLevel } from "./node/log.ts";
export { StateMachineFault } from "./node/machine-calls.ts";
export { NodeServer } from "./node/node-server.ts";
export type { NodeServerOptions } from "./node/options.ts";
export { startServer } from "./node/start-server.ts";
export { KeyValueMachine, type ReplicatedStateMachine } from "./node/state-machine.ts";
export {
  type OpenedStorage,
  openStorage,
  type Storage,
  type StorageOptions,
} from "./node/storage.ts";
export type { TlsOptions } from "./node/tls-options.ts";
export { TraceNotResumable } from "./node/trace/trace-file.ts";
export type { Transport } from "./node/transport.ts";
export { NoLeader, type WaitOptions } from "./node/wait-for-leader.ts";
export { LogDamage } from "./node/wal/damage.ts";

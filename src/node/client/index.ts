/** Clients of a cluster: of any state machine, and of the key-value store. */

export { ClientError, type ClientErrorCode } from "./client-error.ts";
export * from "./cluster-client.ts";
export * from "./store-client.ts";

/** Raft, pure: spec/Raft.tla in TypeScript. Imports nothing but itself. */

export * from "./commitment.ts";
export * from "./election.ts";
export * from "./log.ts";
export * from "./replication.ts";
export * from "./restart.ts";
export * from "./rules.ts";
export * from "./server.ts";
export * from "./step.ts";
export * from "./types.ts";

/** Raft, pure: spec/Raft.tla and the modules on top of it in TypeScript. Imports nothing but itself. */

export * from "./commitment.ts";
export * from "./election.ts";
export * from "./entries.ts";
export * from "./log.ts";
export * from "./read-rules.ts";
export * from "./reads.ts";
export * from "./replication.ts";
export * from "./restart.ts";
export * from "./rules.ts";
export * from "./server.ts";
export * from "./snapshot.ts";
export * from "./snapshot-rules.ts";
export * from "./step.ts";
export * from "./types.ts";

/** What the replicated log drives: the state machine's interface, and a key-value store. */

export * from "./commands.ts";
export * from "./key-value-store.ts";
export { MAX_UNDER_WAY } from "./sessions.ts";
export * from "./state-machine.ts";

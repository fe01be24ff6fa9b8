/** What the clients of a cluster saw, and whether one store could have shown it to them. */

export * from "./linearizability.ts";
export * from "./operation.ts";

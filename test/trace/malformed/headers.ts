/** Headers of a trace that must be refused. */
import { badHeader, header, type Malformed, timeout, without } from "./parts.ts";

export const malformedHeaders: readonly Malformed[] = [
  badHeader("another version", { version: 2 }, "version", /version 2 is not known.*version 1/),
  badHeader("a version as text", { version: "1" }, "version", /version "1" is not known/),
  badHeader("another format", { format: "otlp" }, "format", /"otlp" is not a trace of Raft/),
  {
    ...badHeader("no format", {}, "format", /missing/),
    lines: [without(header, "format"), timeout],
  },
  {
    ...badHeader("no version", {}, "version", /version nothing is not known/),
    lines: [without(header, "version"), timeout],
  },
  {
    ...badHeader("no header", {}, "format", /without a header/, false),
    lines: [timeout, { ...timeout, seq: 2 }],
  },
  {
    ...badHeader("no servers", {}, "servers", /missing/),
    lines: [without(header, "servers"), timeout],
  },
  badHeader("an empty cluster", { servers: [] }, "servers", /empty/),
  badHeader("a server twice", { servers: ["a", "b", "a"] }, "servers[2]", /twice/),
  badHeader("a name with a space", { servers: ["a b"] }, "servers[0]", /not the name of a server/),
  badHeader("a name that is none", { servers: ["__proto__"] }, "servers[0]", /not the name/),
  badHeader("a number for a server", { servers: [1, 2, 3] }, "servers[0]", /1 is not the name/),
  badHeader("servers as an object", { servers: { a: 1 } }, "servers", /an object is not an array/),
  badHeader("an unknown variable", { variables: ["term"] }, "variables[0]", /not a variable/),
  badHeader(
    "a variable in snake case",
    { variables: ["current_term"] },
    "variables[0]",
    /did you mean "currentTerm"/,
  ),
  badHeader("an unknown field", { sever: "a" }, "sever", /no such field.*did you mean "server"/),
  badHeader(
    "no version of the implementation",
    { implementation: { name: "x" } },
    "implementation.version",
    /missing/,
  ),
  badHeader("a server without an execution", { server: "a" }, "execution", /come together/),
  badHeader("an execution without a server", { execution: "e" }, "server", /come together/),
  badHeader(
    "a server that is not of the cluster",
    { server: "d", execution: "e" },
    "server",
    /not of the cluster/,
    false,
  ),
  badHeader("a fractional seed", { seed: 0.5 }, "seed", /0.5 is not an integer/),
];

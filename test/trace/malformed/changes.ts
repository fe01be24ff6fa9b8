/** Changes of variables in an event that must be refused. */
import { badChange, header, type Malformed, timeout } from "./parts.ts";

export const malformedChanges: readonly Malformed[] = [
  badChange("a typo", { comitIndex: 1 }, "comitIndex", /did you mean "commitIndex"/),
  badChange("a commit index of -1", { commitIndex: -1 }, "commitIndex", /-1 is not an index/),
  badChange("a term as text", { currentTerm: "1" }, "currentTerm", /"1" is not a term/),
  badChange("a null index", { lastApplied: null }, "lastApplied", /null is not an index/),
  badChange("a vote for a stranger", { votedFor: "d" }, "votedFor", /not of the clus/, false),
  badChange("a vote for the empty name", { votedFor: "" }, "votedFor", /not of the cluster/),
  badChange("a role in small letters", { role: "leader" }, "role", /did you mean "Leader"/),
  badChange("votes of a stranger", { votesGranted: ["d"] }, "votesGranted[0]", /not of/, false),
  badChange("a vote twice", { votesGranted: ["a", "a"] }, "votesGranted[1]", /twice/),
  badChange("a nextIndex of 0", { nextIndex: { b: 0 } }, "nextIndex.b", /0 is not a nextIndex/),
  badChange(
    "one's own nextIndex",
    { nextIndex: { a: 1 } },
    'nextIndex."a"',
    /the server itself/,
    false,
  ),
  badChange(
    "a matchIndex of a stranger",
    { matchIndex: { d: 1 } },
    'matchIndex."d"',
    /not of the cluster/,
    false,
  ),
  badChange("a whole log", { log: [{ term: 1, command: "x" }] }, "log", /2 elements, not 1/),
  badChange("a log from 0", { log: [0, []] }, "log[0]", /0 is not the index of an entry/),
  badChange("a log with a hole", { log: [2, []] }, "log[0]", /leaves a hole.*ends at 0/, false),
  badChange("an entry of term 0", { log: [1, [{ term: 0, command: "x" }]] }, "log[1][0].term", /0/),
  badChange("a snapshot", { snapshot: { lastIncludedIndex: 3 } }, "snapshot", /no such field/),
  {
    ...badChange("a variable not listed", {}, "lastApplied", /header does not list/, false),
    lines: [
      { ...header, variables: ["currentTerm"] },
      { ...timeout, changed: { lastApplied: 1 } },
    ],
  },
];

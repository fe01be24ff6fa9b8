/** Messages in an event that must be refused. */
import {
  append,
  badEvent,
  badMessage,
  type Malformed,
  request,
  send,
  timeout,
  without,
} from "./parts.ts";

export const malformedMessages: readonly Malformed[] = [
  badMessage("an unknown type", { type: "RequestVote" }, "type", /not a type of message/),
  {
    ...badEvent(
      "a snapshot's state",
      {
        ...{ server: "a", seq: 1, action: "SendInstallSnapshot" },
        sent: [
          {
            ...{ id: "a:1:1", type: "InstallSnapshotRequest", from: "a", to: "b", term: 1 },
            ...{ lastIncludedIndex: 1, lastIncludedTerm: 1, data: "{}" },
          },
        ],
      },
      "sent[0].data",
      /no such field/,
    ),
  },
  badMessage(
    "a sender that is not the server",
    { from: "c" },
    "from",
    /"c" is not the server of this event, "a"/,
    false,
  ),
  badMessage("a message to oneself", { to: "a" }, "to", /to its own sender/, false),
  badMessage("a message to a stranger", { to: "d" }, "to", /"d" is not of the cluster/, false),
  badMessage("a wrong id", { id: "a:1:2" }, "id", /not this message's id, "a:1:1"/, false),
  badMessage("an id that is none", { id: 1 }, "id", /not this message's id/),
  badMessage("a negative term", { term: -1 }, "term", /-1 is not a term/),
  badMessage("a field of another type", { voteGranted: true }, "voteGranted", /no such field/),
  badMessage("a misspelt field", { last_log_index: 0 }, "last_log_index", /mean "lastLogIndex"/),
  badEvent(
    "a message without a field",
    { ...timeout, sent: [without(request, "lastLogTerm")] },
    "sent[0].lastLogTerm",
    /missing from a RequestVoteRequest/,
  ),
  badEvent(
    "a message without a type",
    { ...timeout, sent: [without(request, "type")] },
    "sent[0].type",
    /missing/,
  ),
  badEvent("messages as an object", { ...timeout, sent: request }, "sent", /not an array/),
  badEvent("a message that is null", { ...timeout, sent: [null] }, "sent[0]", /null is not an obj/),
  badEvent(
    "an entry of term 0",
    { ...send, sent: [{ ...append, entries: [{ term: 0, command: "x" }] }] },
    "sent[0].entries[0].term",
    /0 is not the term of an entry/,
  ),
  badEvent(
    "an entry without a command",
    { ...send, sent: [{ ...append, entries: [{ term: 1, command: "x" }, { term: 1 }] }] },
    "sent[0].entries[1].command",
    /missing from an entry/,
  ),
  badEvent(
    "an entry with an index",
    { ...send, sent: [{ ...append, entries: [{ term: 1, command: "x", index: 1 }] }] },
    "sent[0].entries[0].index",
    /an entry has no such field/,
  ),
  ...[
    { success: true, prevLogIndex: 0, lastLogIndex: 0, wrong: "prevLogIndex" },
    { success: false, matchIndex: 0, wrong: "matchIndex" },
  ].map(({ wrong, ...fields }) =>
    badEvent(
      `${wrong} with success ${fields.success}`,
      {
        server: "a",
        seq: 1,
        action: "HandleAppendEntriesRequest",
        received: "b:1:1",
        sent: [
          { id: "a:1:1", type: "AppendEntriesResponse", from: "a", to: "b", term: 1, ...fields },
        ],
      },
      `sent[0].${wrong}`,
      /no such field/,
    ),
  ),
];

/** Arbitrary messages, for the tests of their encoding and of their way. */
import fc from "fast-check";
import type { Entry, Message } from "../../../src/core/index.ts";

const position = fc.oneof(fc.nat(1000), fc.maxSafeNat());
const words = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
/** Also texts that are no UTF-16 as it should be. */
const text = fc.oneof(
  words,
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

/** A term doubled must be an integer still: 2^52 terms are enough. */
const term = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 52 - 1 }));

const entry: fc.Arbitrary<Entry> = fc.record({ term, command: fc.option(text) });

const header = { id: text, from: fc.constant("s1"), to: fc.constant("s2"), term: position };

type Fields<M> = { readonly [Name in keyof M]-?: fc.Arbitrary<M[Name]> };

function message<M extends Message>(fields: Fields<M>): fc.Arbitrary<M> {
  return fc.record(fields) as fc.Arbitrary<M>;
}

type OfType<Type extends Message["type"]> = Extract<Message, { readonly type: Type }>;

/** By type: one left out does not compile. */
const BY_TYPE: { readonly [Type in Message["type"]]: fc.Arbitrary<OfType<Type>> } = {
  RequestVoteRequest: message<OfType<"RequestVoteRequest">>({
    ...header,
    type: fc.constant("RequestVoteRequest"),
    lastLogIndex: position,
    lastLogTerm: position,
  }),
  RequestVoteResponse: message<OfType<"RequestVoteResponse">>({
    ...header,
    type: fc.constant("RequestVoteResponse"),
    voteGranted: fc.boolean(),
  }),
  AppendEntriesRequest: message<OfType<"AppendEntriesRequest">>({
    ...header,
    type: fc.constant("AppendEntriesRequest"),
    prevLogIndex: position,
    prevLogTerm: position,
    entries: fc.array(entry),
    leaderCommit: position,
  }),
  AppendEntriesResponse: fc.oneof(
    fc.record({
      ...header,
      type: fc.constant("AppendEntriesResponse" as const),
      success: fc.constant(true as const),
      matchIndex: position,
    }),
    fc.record({
      ...header,
      type: fc.constant("AppendEntriesResponse" as const),
      success: fc.constant(false as const),
      prevLogIndex: position,
      lastLogIndex: position,
    }),
  ),
  InstallSnapshotRequest: message<OfType<"InstallSnapshotRequest">>({
    ...header,
    type: fc.constant("InstallSnapshotRequest"),
    lastIncludedIndex: position,
    lastIncludedTerm: position,
    data: text,
  }),
  ConfirmLeadershipRequest: message<OfType<"ConfirmLeadershipRequest">>({
    ...header,
    type: fc.constant("ConfirmLeadershipRequest"),
    round: position,
  }),
  ConfirmLeadershipResponse: message<OfType<"ConfirmLeadershipResponse">>({
    ...header,
    type: fc.constant("ConfirmLeadershipResponse"),
    round: position,
  }),
};

/** Any message from s1 to s2. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(BY_TYPE));

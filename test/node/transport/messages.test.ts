import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { AppendEntriesRequest, Message } from "../../../src/core/index.ts";
import { anyMessage } from "../codec/messages.ts";
import { closeNodes, startNode, startPair, until, vote } from "./pair.ts";

afterEach(closeNodes);

describe("messages over TCP", () => {
  test("arrive whole and unchanged, and in order while none is lost", async () => {
    const { from, to } = await startPair();
    const messages = fc.sample(anyMessage, 500);
    for (const message of messages) from.transport.send(message);
    await until(() => to.received.length === messages.length);
    expect(to.received).toEqual(messages);
  });

  test("that are long go in fragments, and short ones pass them", async () => {
    const { from, to } = await startPair();
    // With 100,000,000 it takes a few seconds.
    const long = appendOf("x".repeat(20_000_000));
    from.transport.send(long);
    from.transport.send(vote(7));
    await until(() => to.received.length === 2);
    expect(to.received.map(({ type }) => type)).toEqual([
      "RequestVoteResponse",
      "AppendEntriesRequest",
    ]);
    expect(to.received[1]).toEqual(long);
  });

  test("to nobody who is known, or not connected, are dropped", async () => {
    const { transport } = await startNode({ id: "s1", servers: { s2: "127.0.0.1:1" } });
    transport.send(vote(1));
    transport.send(vote(1, "s1", "s9"));
    expect(transport.counters()).toMatchObject({ messagesSent: 0, messagesDropped: 1 });
  });

  test("do not go between servers that were given different ones, and the log has the other's", async () => {
    const port = { s1: "127.0.0.1:1", s2: "127.0.0.1:2" };
    const three = await startNode({ id: "s2", servers: { ...port, s3: "127.0.0.1:3" } });
    const two = await startNode({ id: "s1", servers: { ...port, s2: three.transport.address } });
    await until(() => two.logged.length > 0);
    expect(two.transport.counters().connectedTo).toEqual([]);
    const words = "server s1 was given other servers than this one, which was given s1, s2, s3";
    expect(two.logged[0]?.message).toBe(`no connection to s2: it refuses: ${words}`);
    await until(() => three.logged.some(({ message }) => message.endsWith(words)));
  });

  test("go between servers that were given the same ones in another order", async () => {
    const to = await startNode({ id: "s2", servers: { s3: "127.0.0.1:3", s1: "127.0.0.1:1" } });
    const servers = { s2: to.transport.address, s3: "127.0.0.1:3", s1: "127.0.0.1:1" };
    const from = await startNode({ id: "s1", servers });
    await until(() => from.transport.counters().connectedTo.length === 1);
  });

  test("arrive again once a server that was away is back at its address", async () => {
    const { from, to } = await startPair();
    const { address } = to.transport;
    await to.transport.close();
    await until(() => from.transport.counters().connectedTo.length === 0);
    const back = await startNode({ id: "s2", listen: address, servers: { s1: "127.0.0.1:1" } });
    await until(() => from.transport.counters().connectedTo.length === 1);
    from.transport.send(vote(3));
    await until(() => back.received.length === 1);
    expect(back.received).toEqual([vote(3)]);
  });
});

function appendOf(command: string): Message {
  const request: AppendEntriesRequest = {
    type: "AppendEntriesRequest",
    id: "s1:1:1",
    from: "s1",
    to: "s2",
    term: 1,
    prevLogIndex: 0,
    prevLogTerm: 0,
    entries: [{ term: 1, command }],
    leaderCommit: 0,
  };
  return request;
}

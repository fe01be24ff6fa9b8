import { afterEach, describe, expect, test } from "vitest";
import type { InstallSnapshotRequest } from "../../../src/core/index.ts";
import { FRAME } from "../../../src/node/codec/frame-kind.ts";
import { FrameReader } from "../../../src/node/codec/index.ts";
import { SnapshotPacing } from "../../../src/node/transport/snapshot-pacing.ts";
import { closeNodes, startNode, startPair, until, vote } from "./pair.ts";
import { closeRaw, startWelcoming } from "./raw.ts";

afterEach(async () => {
  closeRaw();
  await closeNodes();
});

function snapshot(lastIncludedIndex: number, length: number): InstallSnapshotRequest {
  return {
    type: "InstallSnapshotRequest",
    id: "",
    from: "s1",
    to: "s2",
    term: 1,
    lastIncludedIndex,
    lastIncludedTerm: 1,
    data: "ä".repeat(length),
  };
}

describe("a long snapshot", () => {
  test("goes once, however often it is sent meanwhile, and other messages pass it", async () => {
    const { from, to } = await startPair();
    for (let term = 1; term <= 20; term++) {
      from.transport.send(snapshot(7, 20_000_000));
      from.transport.send(vote(term));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => to.received.length === 21);
    expect(to.received.filter(({ type }) => type === "InstallSnapshotRequest")).toEqual([
      snapshot(7, 20_000_000),
    ]);
    expect(from.transport.counters()).toMatchObject({ messagesSent: 21, messagesDropped: 19 });
  });

  test("is followed by another at once, and by itself after a while", async () => {
    const { from, to } = await startPair();
    from.transport.send(snapshot(7, 2_000_000));
    await until(() => to.received.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    from.transport.send(snapshot(8, 2_000_000));
    await until(() => to.received.length === 2);
    await until(() => {
      from.transport.send(snapshot(8, 2_000_000));
      return to.received.length === 3;
    });
  });

  test("waits where its fragments are not taken, while other messages pass", async () => {
    const kinds: number[] = [];
    const reader = new FrameReader(1 << 20);
    const receiver = await startWelcoming((socket) =>
      socket.on("data", (piece) => {
        reader.push(piece);
        for (let body = reader.next(); body !== null; body = reader.next())
          kinds.push(body[0] ?? 0);
      }),
    );
    const from = await startNode({ id: "s1", servers: { s2: receiver.address } });
    await until(() => from.transport.counters().connectedTo.length === 1);
    from.transport.send(snapshot(7, 20_000_000));
    await until(() => kinds.filter((kind) => kind === FRAME.fragment).length === 16);
    from.transport.send(vote(1));
    await until(() => kinds.includes(FRAME.message));
    expect(kinds.filter((kind) => kind === FRAME.fragment)).toHaveLength(16);
    receiver.close();
  });

  test("goes again at once on a new connection, since the old one may have lost it", async () => {
    const pacing = new SnapshotPacing();
    expect(pacing.hasJustArrived(7, 0)).toBe(false);
    pacing.begin(7, 1000);
    pacing.arrived(3000);
    expect(pacing.hasJustArrived(7, 4999)).toBe(true);
    expect(pacing.hasJustArrived(7, 5000)).toBe(false);
    expect(pacing.hasJustArrived(8, 4000)).toBe(false);
    expect(new SnapshotPacing().hasJustArrived(7, 4000)).toBe(false);
  });

  test("that is longer than any may be is dropped, and disturbs nobody", async () => {
    const { from, to } = await startPair({ limits: { maxMessageBytes: 3_000_000 } });
    from.transport.send(snapshot(7, 2_000_000));
    from.transport.send(vote(1));
    await until(() => to.received.length === 1);
    expect(from.transport.counters()).toMatchObject({ messagesDropped: 1 });
  });
});

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Condition, Network } from "../../src/cluster/network/network.ts";
import { freePorts } from "../../src/cluster/network/ports.ts";

/** Servers that answer each byte they get with the same byte in upper case. */
let echoes: readonly Server[];
let network: Network;
let open: Socket[];

beforeEach(async () => {
  const ports = await freePorts(2);
  echoes = ports.map((port) => {
    const echo = createServer((socket) => {
      socket.on("data", (bytes) => socket.write(bytes.toString().toUpperCase()));
      socket.on("error", () => {});
    });
    return echo.listen(port, "127.0.0.1");
  });
  network = await Network.open(new Map(ports.map((port, place) => [`s${place + 1}`, port])));
  open = [];
});
afterEach(async () => {
  for (const socket of open) socket.destroy();
  await network.close();
  for (const echo of echoes) echo.close();
});

/** A connection from one server to another, and what has come back on it. */
async function dial(from: string, to: string) {
  const socket = connect(network.port(from, to), "127.0.0.1");
  open.push(socket);
  const heard: string[] = [];
  socket.on("data", (bytes) => heard.push(bytes.toString()));
  socket.on("error", () => {});
  await once(socket, "connect");
  return { socket, heard: () => heard.join("") };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(5);
}

const held = (from: string, to: string): Condition => ({
  from,
  to,
  isHeld: true,
  delayMilliseconds: 0,
});

describe("the network of a local cluster", () => {
  it("carries bytes both ways", async () => {
    const { socket, heard } = await dial("s1", "s2");
    socket.write("a");
    await until(() => heard() === "A");
  });

  it("holds what goes one way, and lets it through in order when it is over", async () => {
    const { socket, heard } = await dial("s1", "s2");
    network.set([held("s1", "s2")]);
    socket.write("a");
    await wait(50);
    socket.write("b");
    await wait(50);
    expect(heard()).toBe("");
    const other = await dial("s2", "s1");
    network.set([]);
    await until(() => heard() === "AB");
    other.socket.write("c");
    await until(() => other.heard() === "C");
  });

  it("holds what comes back on connections of the other direction too", async () => {
    const { socket, heard } = await dial("s1", "s2");
    network.set([held("s2", "s1")]);
    socket.write("a");
    await wait(50);
    expect(heard()).toBe("");
    network.set([]);
    await until(() => heard() === "A");
  });

  it("delays", async () => {
    const { socket, heard } = await dial("s1", "s2");
    network.set([{ from: "s1", to: "s2", isHeld: false, delayMilliseconds: 100 }]);
    const begin = performance.now();
    socket.write("a");
    await until(() => heard() === "A");
    expect(performance.now() - begin).toBeGreaterThanOrEqual(95);
  });

  it("cuts", async () => {
    const { socket } = await dial("s1", "s2");
    const closed = once(socket, "close");
    network.cut("s1", "s2");
    await closed;
  });
});

/** Commands as long as they may be, and longer, from a client over TCP. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClusterClient, StoreClient } from "../../src/node/client/index.ts";
import { ServerConnection } from "../../src/node/client/server-connection.ts";
import type { NodeServer } from "../../src/node/node-server.ts";
import { startServer } from "../../src/node/start-server.ts";
import { KeyValueMachine } from "../../src/node/state-machine.ts";

/** What a server takes of a command, by default: `limits.maxCommandCharacters`. */
const MOST_CHARACTERS = 1024 * 1024;

let folder: string;
let server: NodeServer;
let warnings: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-long-"));
  warnings = [];
  server = await startServer({
    id: "s1",
    clusterId: "long",
    servers: { s1: "127.0.0.1:1" },
    listen: "127.0.0.1:0",
    folder,
    machine: new KeyValueMachine(),
    log: (level, message) => {
      if (level === "warn") warnings.push(message);
    },
  });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["one byte", "x"],
  ["three bytes", "\u4e16"],
  ["half of a surrogate pair", "\ud800"],
])("a command of the most characters, each of %s, is executed", async (_, character) => {
  const client = new ClusterClient({ servers: { s1: server.address ?? "" } });
  const command = character.repeat(MOST_CHARACTERS);
  const { answer } = await client.propose(command);
  expect(JSON.parse(answer)).toMatchObject({ status: "malformed" });
  client.close();
  expect(warnings).toEqual([]);
});

const TOO_LONG = [
  ["a character too long", MOST_CHARACTERS + 1],
  ["longer than any frame", 5 * MOST_CHARACTERS],
] as const;

test.each(TOO_LONG)("a client does not send one that is %s", async (_, length) => {
  const store = new StoreClient({ servers: { s1: server.address ?? "" } });
  const begin = performance.now();
  await expect(store.put("x", "x".repeat(length))).rejects.toMatchObject({
    code: "refused",
    mayHaveBeenExecuted: false,
  });
  expect(performance.now() - begin).toBeLessThan(5000);
  expect(await store.get("x")).toBe(null);
  store.close();
});

test.each(TOO_LONG)(
  "a server refuses one that is %s, and takes those after it",
  async (_, length) => {
    const client = new StoreClient({ servers: { s1: server.address ?? "" } });
    await client.put("x", "0");
    client.close();
    const connection = await ServerConnection.open({
      id: "s1",
      address: server.address ?? "",
      clusterId: null,
      name: "test",
      tls: null,
      connectMilliseconds: 5000,
    });
    const command = (value: string) =>
      JSON.stringify({ operation: { type: "put", key: "x", value } });
    const [before, tooLong, after] = await Promise.all(
      ["1", "y".repeat(length), "2"].map((value) =>
        connection.request("propose", command(value), 10_000),
      ),
    );
    expect(tooLong).toMatchObject({
      status: "refused",
      reason: expect.stringMatching(/longer than \d+/),
    });
    expect(before).toMatchObject({ answer: '{"status":"done","value":"0"}' });
    expect(after).toMatchObject({ answer: '{"status":"done","value":"1"}' });
    connection.end("done");
    expect(warnings).toEqual([]);
  },
);

import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AddressInUse,
  ClusterClient,
  KeyValueMachine,
  type SendOptions,
  SettingError,
  StoreClient,
  startServer,
} from "../../src/index.ts";
import { LocalCluster } from "./cluster.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "lockstep-settings-")), "s1");
});
afterEach(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

type Given = Readonly<Record<string, unknown>>;

/** What a start with these options rejects with: of a program in JavaScript, which no compiler reads. */
async function refusal(options: Given): Promise<unknown> {
  const start = startServer as unknown as (options: unknown) => ReturnType<typeof startServer>;
  const server = await start(options).catch((error: unknown) => error);
  if (server instanceof Error) return server;
  await (server as Awaited<ReturnType<typeof startServer>>).stop();
  return null;
}

function whole(more: Given): Given {
  const servers = { s1: "127.0.0.1:0" };
  return { id: "s1", clusterId: "test", servers, folder, machine: new KeyValueMachine(), ...more };
}

const DELAY = "a positive integer is expected, 1073741823 at the most.";
const SEGMENT = "an integer is expected, 4096 at the least and 1073741824 at the most.";
const COUNT = "a positive integer is expected.";
const TEXT = "a text that is not empty is expected.";

describe("startServer refuses", () => {
  test.each<[string, Given, string]>([
    [
      "a setting beside its group",
      { heartbeatMs: 50 },
      'there is no setting heartbeatMs (did you mean "timing.heartbeatMs"?).',
    ],
    [
      "one in another group",
      { timing: { snapshotBytes: 1 } },
      'there is no setting timing.snapshotBytes (did you mean "limits.snapshotBytes"?).',
    ],
    [
      "a misspelt one",
      { timing: { heartbeat: 50 } },
      'there is no setting timing.heartbeat (did you mean "timing.heartbeatMs"?).',
    ],
    ["another case", { Folder: "x" }, 'there is no setting Folder (did you mean "folder"?).'],
    [
      "one that is like none",
      { limits: { colour: 1 } },
      "there is no setting limits.colour; there are: limits.maxCommands, limits.maxCharacters, limits.maxCommandCharacters, limits.snapshotBytes.",
    ],
    ["NaN", { limits: { snapshotBytes: NaN } }, `limits.snapshotBytes is NaN: ${COUNT}`],
    ["below 0", { limits: { maxCommands: -1 } }, `limits.maxCommands is -1: ${COUNT}`],
    ["a fraction", { limits: { maxCharacters: 1.5 } }, `limits.maxCharacters is 1.5: ${COUNT}`],
    ["0", { limits: { maxCommandCharacters: 0 } }, `limits.maxCommandCharacters is 0: ${COUNT}`],
    ["no end", { timing: { heartbeatMs: Infinity } }, `timing.heartbeatMs is Infinity: ${DELAY}`],
    [
      "what a timer takes for nothing",
      { timing: { electionTimeoutMs: 2 ** 31 } },
      `timing.electionTimeoutMs is 2147483648: ${DELAY}`,
    ],
    ["a text", { timing: { heartbeatMs: "50" } }, `timing.heartbeatMs is "50": ${DELAY}`],
    ["null", { timing: { heartbeatMs: null } }, `timing.heartbeatMs is null: ${DELAY}`],
    ["a big one", { limits: { maxCommands: 5n } }, `limits.maxCommands is 5: ${COUNT}`],
    ["small segments", { segmentBytes: 100 }, `segmentBytes is 100: ${SEGMENT}`],
    ["large segments", { segmentBytes: 1e11 }, `segmentBytes is 100000000000: ${SEGMENT}`],
    [
      "segments of one byte too many",
      { segmentBytes: 2 ** 30 + 1 },
      `segmentBytes is 1073741825: ${SEGMENT}`,
    ],
    [
      "no group",
      { timing: 50 },
      "timing is 50: an object is expected, with heartbeatMs, electionTimeoutMs.",
    ],
    ["no folder", { folder: undefined }, `folder is missing: ${TEXT}`],
    ["an empty name", { clusterId: "" }, `clusterId is "": ${TEXT}`],
    ["a number for a name", { id: 1 }, `id is 1: ${TEXT}`],
    ["a URL", { folder: new URL("file:///s1") }, `folder is an object of URL: ${TEXT}`],
    [
      "a list of servers",
      { servers: ["127.0.0.1:1"] },
      'servers is ["127.0.0.1:1"]: an object is expected, such as {"s1": "127.0.0.1:7001"}.',
    ],
    [
      "a map of servers",
      { servers: new Map() },
      'servers is an object of Map: an object is expected, such as {"s1": "127.0.0.1:7001"}.',
    ],
    [
      "a port alone",
      { servers: { s1: 7001 } },
      "servers.s1 is 7001: HOST:PORT is expected, such as 127.0.0.1:7001 or [::1]:7001.",
    ],
    [
      "a door without a port",
      { http: { s1: "localhost" } },
      'http.s1 is "localhost": HOST:PORT is expected, such as 127.0.0.1:7001 or [::1]:7001.',
    ],
    [
      "a door at its own address",
      { servers: { s1: "127.0.0.1:7499" }, http: { s1: "127.0.0.1:7499" } },
      "http.s1 is 127.0.0.1:7499, at which the server itself listens for servers and clients: give its HTTP door another port.",
    ],
    [
      "TLS of nothing",
      { tls: {} },
      "tls.authority is missing: a text is expected, in the form of PEM.",
    ],
    [
      "PEM as bytes",
      { tls: { authority: Buffer.from("-"), certificate: "", key: "" } },
      "tls.authority is an object of Buffer: a text is expected, in the form of PEM.",
    ],
    ["a log that is none", { log: "s1.log" }, 'log is "s1.log": a function is expected.'],
    [
      "a part of a file system",
      { files: { open: () => {} } },
      "files is {}: an object is expected that has the methods open, list, makeFolder, rename, remove, syncFolder.",
    ],
  ])("%s", async (_, more, message) => {
    const error = await refusal(whole(more));
    expect(error).toBeInstanceOf(SettingError);
    expect(String(error)).toBe(`SettingError: ${message}`);
    expect(existsSync(folder)).toBe(false);
  });

  test("no options", async () => {
    expect(await refusal({})).toEqual(new SettingError(`id is missing: ${TEXT}`));
    const none = await refusal(undefined as unknown as Given);
    expect(none).toEqual(new SettingError("the settings are undefined: an object is expected."));
  });

  test("no election timeout that is too short for the heartbeat, by default or not", async () => {
    expect(await refusal(whole({ timing: { heartbeatMs: 300 } }))).toMatchObject({
      message: expect.stringMatching(
        /^an election timeout of 500 ms \(electionTimeoutMs\) with a he/,
      ),
    });
  });
});

test("an address that another program has is told by an error that the package has", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const error = await refusal(whole({ servers: { s1: `127.0.0.1:${port}` } }));
  other.close();
  expect(error).toBeInstanceOf(AddressInUse);
  expect(existsSync(folder)).toBe(false);
});

test("what is undefined counts as not given", async () => {
  const timing = { heartbeatMs: undefined, electionTimeoutMs: undefined };
  const limits = { snapshotBytes: undefined, maxCommands: undefined };
  expect(await refusal(whole({ timing, limits, tls: undefined, http: null }))).toBe(null);
  const cluster = new LocalCluster(1, { limits } as object);
  await cluster.startAll();
  expect(await cluster.execute("x")).toMatchObject({ answer: "1" });
  await cluster.remove();
});

test("the key-value store refuses a bound of sessions that is none", () => {
  for (const maxSessions of [-1, NaN, "5" as unknown as number]) {
    expect(() => new KeyValueMachine({ maxSessions })).toThrow(SettingError);
  }
  expect(() => new KeyValueMachine({ maxSession: 5 } as object)).toThrow(
    'there is no setting maxSession (did you mean "maxSessions"?).',
  );
});

describe("clients refuse", () => {
  const servers = { s1: "127.0.0.1:7001" };
  const TIME = "a number of milliseconds above 0 is expected, 2147483647 at the most.";

  test.each<[string, Given, string]>([
    ["a time below 0", { timeoutMilliseconds: -1 }, `timeoutMilliseconds is -1: ${TIME}`],
    ["NaN", { attemptMilliseconds: NaN }, `attemptMilliseconds is NaN: ${TIME}`],
    [
      "a misspelt setting",
      { timeoutMs: 5 },
      "there is no setting timeoutMs; there are: servers, clusterId, tls, timeoutMilliseconds, attemptMilliseconds, maxCommandCharacters, name",
    ],
    ["a swapped one", { clutserId: "x" }, 'no setting clutserId (did you mean "clusterId"?).'],
    ["no servers", { servers: undefined }, "servers is missing: an object is expected, such as"],
    ["TLS of nothing", { tls: {} }, "tls.authority is missing: a text is expected"],
  ])("%s", (_, more, message) => {
    for (const Client of [ClusterClient, StoreClient]) {
      const open = (): unknown => new Client({ servers, ...more });
      expect(open).toThrow(SettingError);
      expect(open).toThrow(message);
    }
  });

  test.each<[string, unknown, string]>([
    [
      "a misspelt option of a command",
      { mayrepeat: true },
      'there is no setting mayrepeat (did you mean "mayRepeat"?).',
    ],
    ["no such option", {}, "mayRepeat is missing: true or false is expected."],
    ["a text for it", { mayRepeat: "no" }, 'mayRepeat is "no": true or false is expected.'],
    ["true in its place", true, "the settings are true: an object is expected."],
  ])("%s, and send nothing", async (_, options, message) => {
    const client = new ClusterClient({ servers, timeoutMilliseconds: 100 });
    const error = await client.propose("5", options as SendOptions).catch((why: unknown) => why);
    expect(error).toBeInstanceOf(SettingError);
    expect(String(error)).toBe(`SettingError: ${message}`);
    client.close();
  });

  test("more commands under way than a session takes", () => {
    for (const maxUnderWay of [0, 257, 1.5]) {
      expect(() => new StoreClient({ servers, maxUnderWay })).toThrow(
        `maxUnderWay is ${maxUnderWay}: a positive integer is expected, 256 at the most.`,
      );
    }
  });
});

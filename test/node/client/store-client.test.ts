import { afterEach, describe, expect, test } from "vitest";
import { SettingError } from "../../../src/node/address.ts";
import {
  ClientError,
  ClusterClient,
  StoreClient,
  type StoreClientOptions,
} from "../../../src/node/client/index.ts";
import { makeAuthority, makeCertificate } from "../certificates.ts";
import { closeNodes } from "../transport/pair.ts";
import { FakeCluster, type Mood, openDoors } from "./fake-cluster.ts";

const clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await closeNodes();
});

function storeClient(
  servers: Readonly<Record<string, string>>,
  options: Partial<StoreClientOptions> = {},
): StoreClient {
  const client = new StoreClient({ servers, ...options });
  clients.push(client);
  return client;
}

function clusterClient(servers: Readonly<Record<string, string>>): ClusterClient {
  const client = new ClusterClient({ servers, timeoutMilliseconds: 600 });
  clients.push(client);
  return client;
}

async function faultOf(promise: Promise<unknown>): Promise<ClientError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw new Error(`a ClientError is expected, not ${error}`);
  return error;
}

/** The moods one after the other, the last for good. */
function inTurn(...moods: Mood[]): () => Mood {
  return () => (moods.length > 1 ? moods.shift() : moods[0]) ?? "answers";
}

describe("a client of the store", () => {
  test("gets, puts, deletes, and sets only what it finds as expected", async () => {
    const { addresses } = await openDoors(new FakeCluster(), ["s1"]);
    const client = storeClient(addresses);
    expect(await client.get("x")).toBe(null);
    expect(await client.put("x", "1")).toBe(null);
    expect(await client.put("x", "ä\ud800")).toBe("1");
    expect(await client.get("x")).toBe("ä\ud800");
    expect(await client.compareAndSet("x", "2", "3")).toEqual({ isSet: false, value: "ä\ud800" });
    expect(await client.compareAndSet("x", "ä\ud800", "3")).toMatchObject({ isSet: true });
    expect(await client.delete("x")).toBe("3");
    expect(await client.compareAndSet("x", null, "4")).toEqual({ isSet: true, value: null });
    expect(await client.status("s1")).toMatchObject({ id: "s1", role: "Leader" });
  });

  test("finds the leader from any one server, and a new leader when it changes", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1", "s2", "s3"]);
    const client = storeClient({ s3: addresses.s3 ?? "" });
    expect(await client.put("x", "1")).toBe(null);
    cluster.leader = "s2";
    expect(await client.put("x", "2")).toBe("1");
    expect(await client.get("x")).toBe("2");
    expect(cluster.requests.s3).toBe(1);
  });

  test("waits while there is no leader", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1", "s2"]);
    cluster.leader = null;
    setTimeout(() => {
      cluster.leader = "s2";
    }, 100);
    expect(await storeClient(addresses).put("x", "1")).toBe(null);
  });

  test("goes to another server when one dies", async () => {
    const cluster = new FakeCluster();
    const { addresses, nodes } = await openDoors(cluster, ["s1", "s2"]);
    const client = storeClient(addresses);
    await client.put("x", "1");
    await nodes[0]?.transport.close();
    cluster.leader = "s2";
    expect(await client.put("x", "2")).toBe("1");
  });

  test("is not sent to and fro between a server that is gone and one that is cut off", async () => {
    const cluster = new FakeCluster();
    const { addresses, nodes } = await openDoors(cluster, ["s1", "s2", "s3"]);
    cluster.leader = "s2";
    cluster.beliefs.s1 = "s3";
    await nodes[2]?.transport.close();
    expect(await storeClient(addresses).put("x", "1")).toBe(null);
    expect(cluster.requests.s1).toBeLessThan(3);
  });
});

describe("a command runs once", () => {
  test.each<[string, Mood[]]>([
    ["whose answer is lost", ["forgets", "answers"]],
    ["which is lost itself", ["loses", "answers"]],
    ["which is lost, and then its answer", ["loses", "forgets", "forgets", "answers"]],
  ])("%s", async (_, moods) => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    const client = storeClient(addresses);
    await client.put("x", "0");
    cluster.mood = inTurn(...moods);
    expect(await client.compareAndSet("x", "0", "1")).toEqual({ isSet: true, value: "0" });
    expect(await client.get("x")).toBe("1");
  });

  test("of many under way together, with answers lost and leaders changing", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1", "s2", "s3"]);
    const client = storeClient(addresses, { maxUnderWay: 256, timeoutMilliseconds: 60_000 });
    const tally = new Map<string, number>();
    let requests = 0;
    cluster.mood = () => {
      if (++requests % 100 === 0) cluster.leader = `s${1 + ((requests / 100) % 3)}`;
      return requests % 5 === 0 ? "forgets" : requests % 7 === 0 ? "loses" : "answers";
    };
    const apply = cluster.apply.bind(cluster);
    cluster.apply = (command) => {
      const before = cluster.store.describe();
      const answer = apply(command);
      const { operation } = JSON.parse(command);
      const changed = JSON.parse(before).values.length !== valuesOf(cluster).length;
      if (operation !== undefined && changed) {
        tally.set(operation.key, (tally.get(operation.key) ?? 0) + 1);
      }
      return answer;
    };
    const keys = Array.from({ length: 600 }, (_, n) => `k${n}`);
    const before = await Promise.all(keys.map((key) => client.put(key, "v")));
    // A put that ran twice would have found its own value.
    expect(before.every((value) => value === null)).toBe(true);
    expect([...tally.values()]).toEqual(keys.map(() => 1));
  });

  test("whatever another client sends that guesses the session and the number", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    const [client, hostile] = [storeClient(addresses), clusterClient(addresses)];
    await client.put("x", "1");
    const guess = { session: 1, sequence: 2, operation: { type: "get", key: "x" } };
    const { answer } = await hostile.propose(JSON.stringify(guess));
    expect(JSON.parse(answer)).toEqual({ status: "noSession" });
    expect(await client.put("x", "2")).toBe("1");
    expect(await client.get("x")).toBe("2");
  });

  test("by a secret of 128 bits, another in each session", async () => {
    const cluster = new FakeCluster();
    const secrets = new Set<string>();
    const apply = cluster.apply.bind(cluster);
    cluster.apply = (command) => {
      secrets.add(JSON.parse(command).secret);
      return apply(command);
    };
    const { addresses } = await openDoors(cluster, ["s1"]);
    for (const client of [storeClient(addresses), storeClient(addresses)]) {
      await client.put("x", "1");
      await client.put("x", "2");
    }
    expect(secrets.size).toBe(2);
    for (const secret of secrets) expect(Buffer.from(secret, "base64url")).toHaveLength(16);
  });

  test("in a new session where the old one was dropped before it was sent", async () => {
    const cluster = new FakeCluster({ maxSessions: 1 });
    const { addresses } = await openDoors(cluster, ["s1"]);
    const [one, other] = [storeClient(addresses), storeClient(addresses)];
    await one.put("x", "1");
    await other.put("x", "2");
    expect(await one.put("x", "3")).toBe("2");
  });

  test("or it is said that this cannot be told, where the session was dropped meanwhile", async () => {
    const cluster = new FakeCluster({ maxSessions: 1 });
    const { addresses } = await openDoors(cluster, ["s1"]);
    const client = storeClient(addresses);
    await client.put("x", "1");
    cluster.mood = () => {
      cluster.apply('{"type":"register","nonce":"another"}');
      cluster.mood = () => "answers";
      return "loses";
    };
    expect(await faultOf(client.put("x", "2"))).toMatchObject({
      code: "unknown",
      mayHaveBeenExecuted: true,
    });
  });
});

describe("an error says whether the command may have been executed", () => {
  test("not where nobody could be reached, nobody leads, or it was refused", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    const nobody = clusterClient({ s1: "127.0.0.1:1" });
    const client = clusterClient(addresses);
    expect(await faultOf(nobody.propose("x"))).toMatchObject({
      code: "timeout",
      mayHaveBeenExecuted: false,
    });
    cluster.leader = null;
    expect(await faultOf(client.propose("x"))).toMatchObject({ mayHaveBeenExecuted: false });
    cluster.leader = "s1";
    cluster.mood = () => "refuses";
    const fault = await faultOf(client.propose("x"));
    expect(fault).toMatchObject({ mayHaveBeenExecuted: false });
    expect(fault.message).toContain("too busy");
  });

  test("it may, where the outcome was unknown or no answer came", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    const client = clusterClient(addresses);
    for (const mood of ["loses", "forgets", "isSilent"] as const) {
      cluster.mood = () => mood;
      expect(await faultOf(client.propose("x")), mood).toMatchObject({ mayHaveBeenExecuted: true });
    }
  });

  test("a command that may not be repeated is sent once where its outcome is unknown", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    cluster.mood = () => "loses";
    await faultOf(clusterClient(addresses).propose("x"));
    expect(cluster.requests).toEqual({ s1: 1 });
  });

  test("a read has never changed anything", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    cluster.mood = () => "isSilent";
    expect(await faultOf(clusterClient(addresses).read("x"))).toMatchObject({
      code: "timeout",
      mayHaveBeenExecuted: false,
    });
  });

  test("of a server of another cluster, or another server, says so", async () => {
    const { addresses } = await openDoors(new FakeCluster(), ["s1"]);
    const wrong = storeClient(addresses, { clusterId: "other", timeoutMilliseconds: 2000 });
    expect((await faultOf(wrong.get("x"))).message).toContain("this is cluster test");
    const misnamed = storeClient({ s9: addresses.s1 ?? "" }, { timeoutMilliseconds: 2000 });
    expect((await faultOf(misnamed.get("x"))).message).toContain("this is server s1");
  });

  test.each(["42", "", "null", "[]", "fine", '{"status":"ok"}', '{"answer":"1"}'])(
    "of another state machine (that answers %j) says that it is none of the store's",
    async (answer) => {
      const cluster = new FakeCluster();
      cluster.apply = () => answer;
      const { addresses } = await openDoors(cluster, ["s1"]);
      const client = storeClient(addresses);
      const put = await faultOf(client.put("x", "1"));
      expect(put).toMatchObject({ code: "misdirected", mayHaveBeenExecuted: false });
      expect(put.message).toContain(
        `no session could be opened: the cluster does not run the key-value store: its state machine answered ${JSON.stringify(answer)}. `,
      );
    },
  );

  test("of another state machine that is asked says so too", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    const client = storeClient(addresses);
    await client.put("x", "1");
    cluster.read = () => "five";
    cluster.apply = () => "five";
    for (const [fault, mayHaveBeenExecuted] of [
      [await faultOf(client.get("x")), false],
      [await faultOf(client.put("x", "2")), true],
    ] as const) {
      expect(fault).toMatchObject({ code: "misdirected", mayHaveBeenExecuted });
      expect(fault.message).toMatch(/^the cluster does not run the key-value store: .* "five"\. /);
    }
  });

  test("not where its session could not be opened, which alone was in doubt", async () => {
    const cluster = new FakeCluster();
    const { addresses } = await openDoors(cluster, ["s1"]);
    for (const mood of ["loses", "isSilent"] as const) {
      cluster.mood = () => mood;
      const client = storeClient(addresses, { timeoutMilliseconds: 400, attemptMilliseconds: 100 });
      const fault = await faultOf(client.put("x", "1"));
      expect(fault, mood).toMatchObject({ code: "timeout", mayHaveBeenExecuted: false });
      expect(fault.message).toMatch(/^no session could be opened: no answer within 400 ms: s1 /);
      expect(fault.message).not.toContain("may have been executed");
    }
  });

  test("what cannot be used for TLS is refused at once", async () => {
    const authority = await makeAuthority();
    const [one, other] = await Promise.all([
      makeCertificate(authority, {}),
      makeCertificate(authority, {}),
    ]);
    const servers = { s1: "127.0.0.1:1" };
    for (const wrong of [{ key: other.key }, { certificate: "none" }, { authority: "none" }]) {
      const options = { servers, tls: { ...one, ...wrong } };
      expect(() => new ClusterClient(options)).toThrow(SettingError);
      expect(() => new StoreClient(options)).toThrow(/cannot be used/);
    }
  });

  test("addresses beyond loopback need TLS", () => {
    expect(() => new ClusterClient({ servers: { s1: "192.0.2.1:7001" } })).toThrow(/TLS/);
    expect(() => new ClusterClient({ servers: {} })).toThrow(/no server/);
  });
});

function valuesOf(cluster: FakeCluster): readonly unknown[] {
  return JSON.parse(cluster.store.describe()).values;
}

import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { HttpDoor, type HttpDoorOptions } from "../../../src/node/http/door.ts";
import { Histogram, metricsText } from "../../../src/node/http/metrics.ts";
import { MAX_COMMAND_CHARACTERS } from "../../../src/node/transport/limits.ts";
import { FakeCluster } from "../client/fake-cluster.ts";
import { damage, randomBelow } from "../codec/fuzz.ts";

const open: HttpDoor[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((door) => door.close()));
});

async function openDoor(
  cluster: FakeCluster,
  id = "s1",
  options: Partial<HttpDoorOptions> = {},
): Promise<string> {
  const door = await HttpDoor.open({
    server: cluster.server(id),
    listen: "127.0.0.1:0",
    tls: null,
    addresses: {},
    log: () => {},
    ...options,
  });
  open.push(door);
  return door.address;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(url: string, method = "GET", body?: unknown): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = {
    method,
    redirect: "manual",
    ...(body === undefined ? {} : { body: text }),
  } as const;
  const response = await fetch(`http://${url}`, init);
  const answer = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && answer !== "" ? JSON.parse(answer) : answer,
  };
}

describe("the store over HTTP", () => {
  test("gets, puts, deletes, and sets only what it finds as expected", async () => {
    const x = `${await openDoor(new FakeCluster())}/kv/x`;
    expect(await ask(x)).toMatchObject({ status: 404, body: { key: "x", value: null } });
    expect(await ask(x, "PUT", { value: "1" })).toMatchObject({
      status: 200,
      body: { key: "x", previous: null },
    });
    expect(await ask(x)).toMatchObject({ status: 200, body: { key: "x", value: "1" } });
    expect(await ask(x, "POST", { expected: "2", value: "3" })).toMatchObject({
      status: 412,
      body: { isSet: false, value: "1" },
    });
    expect(await ask(x, "POST", { expected: "1", value: "3" })).toMatchObject({
      status: 200,
      body: { isSet: true, value: "1" },
    });
    expect(await ask(x, "DELETE")).toMatchObject({ status: 200, body: { previous: "3" } });
    expect((await ask(x, "POST", { expected: null, value: "4" })).status).toBe(200);
  });

  test("takes keys with any character", async () => {
    const cluster = new FakeCluster();
    const address = await openDoor(cluster);
    await ask(`${address}/kv/${encodeURIComponent("a/b ä?#%")}`, "PUT", { value: "1" });
    expect(cluster.store.describe()).toContain('"a/b ä?#%"');
    expect((await ask(`${address}/kv/a%2`)).status).toBe(400);
    expect((await ask(`${address}/kv/`)).status).toBe(400);
  });

  test("redirects to the leader, keeping method, key and body", async () => {
    const cluster = new FakeCluster();
    const leader = await openDoor(cluster);
    const follower = await openDoor(cluster, "s2", { addresses: { s1: leader } });
    const { status, headers } = await ask(`${follower}/kv/a%2Fb?c`, "PUT", { value: "1" });
    expect({ status, location: headers.get("location") }).toEqual({
      status: 307,
      location: `http://${leader}/kv/a%2Fb?c`,
    });
    const followed = await fetch(`http://${follower}/kv/x`, {
      method: "PUT",
      body: '{"value":"1"}',
    });
    expect(followed.status).toBe(200);
    expect(await ask(`${leader}/kv/x`)).toMatchObject({ body: { value: "1" } });
  });

  test("says who leads where it was not told that one's door: to ask again is of no use", async () => {
    const x = `${await openDoor(new FakeCluster(), "s2")}/kv/x`;
    const { status, headers, body } = await ask(x);
    expect({ status, after: headers.get("retry-after") }).toEqual({ status: 503, after: null });
    expect(body).toMatchObject({
      error: expect.stringMatching(/^server s1 leads, .* --http s1=HOST:PORT$/),
    });
  });

  test("takes no body that is no UTF-8, rather than another text", async () => {
    const cluster = new FakeCluster();
    const url = `http://${await openDoor(cluster)}/kv/x`;
    const put = async (value: Buffer): Promise<number> => {
      const body = Buffer.concat([Buffer.from('{"value":"'), value, Buffer.from('"}')]);
      return (await fetch(url, { method: "PUT", body })).status;
    };
    expect(await put(Buffer.from("\ufffd"))).toBe(200);
    expect(await put(Buffer.from([0xff, 0xfe]))).toBe(400);
    expect(await (await fetch(url)).json()).toMatchObject({ value: "\ufffd" });
  });

  test("says when to ask again where no leader is known, and whether it may have run", async () => {
    const cluster = new FakeCluster();
    const x = `${await openDoor(cluster, "s1", { requestMilliseconds: 200 })}/kv/x`;
    cluster.leader = null;
    const { status, headers, body } = await ask(x, "PUT", { value: "1" });
    expect({ status, after: headers.get("retry-after"), body }).toEqual({
      status: 503,
      after: "1",
      body: { error: "no leader is known: ask again", mayHaveBeenExecuted: false },
    });
    cluster.leader = "s1";
    cluster.mood = () => "refuses";
    expect(await ask(x)).toMatchObject({ status: 503, body: { mayHaveBeenExecuted: false } });
    for (const mood of ["loses", "isSilent"] as const) {
      cluster.mood = () => mood;
      expect(await ask(x, "DELETE")).toMatchObject({
        status: 504,
        body: { mayHaveBeenExecuted: true },
      });
      expect(await ask(x)).toMatchObject({ status: 504, body: { mayHaveBeenExecuted: false } });
    }
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["no value", "{}"],
    ["a number", '{"value":1}'],
  ])("refuses a body that is %s", async (_, body) => {
    const address = await openDoor(new FakeCluster());
    expect((await ask(`${address}/kv/x`, "PUT", body)).status).toBe(400);
    expect((await ask(`${address}/kv/x`, "POST", body)).status).toBe(400);
  });
});

describe("a command may be as long as over TCP, by one bound", () => {
  const around = JSON.stringify({ operation: { type: "put", key: "x", value: "" } }).length;

  test.each([
    ["one byte", "y", "y"],
    ["three bytes", "\u4e16", "\u4e16"],
    ["six bytes, as a client may escape what is no ASCII", "\u4e16", "\\u4e16"],
  ])("where each character is sent in %s", async (_, character, sent) => {
    const cluster = new FakeCluster();
    const address = await openDoor(cluster);
    const characters = MAX_COMMAND_CHARACTERS - around;
    const put = async (length: number) => {
      const body = `{"value":"${sent.repeat(length)}"}`;
      const response = await fetch(`http://${address}/kv/x`, { method: "PUT", body });
      return { status: response.status, body: await response.json() };
    };
    expect(await put(characters)).toMatchObject({ status: 200 });
    expect(cluster.store.query('{"type":"get","key":"x"}')).toEqual({
      status: "done",
      value: character.repeat(characters),
    });
    expect(await put(characters + 1)).toEqual({
      status: 413,
      body: {
        error: "the command is longer than 1048576 characters",
        mayHaveBeenExecuted: false,
      },
    });
  });
});

describe("whoever is hostile is refused, and the next is served", () => {
  const served = async (address: string) =>
    expect((await ask(`${address}/status`)).status).toBe(200);

  test("a body that is too long, announced or not", async () => {
    const address = await openDoor(new FakeCluster(), "s1", { maxCommandCharacters: 100 });
    expect(await ask(`${address}/kv/x`, "PUT", { value: "y".repeat(2000) })).toMatchObject({
      status: 413,
      body: { error: "the body is longer than 1624 bytes", mayHaveBeenExecuted: false },
    });
    const status = await new Promise((resolve, reject) => {
      const [host, port] = address.split(":");
      const sent = request({ host, port, path: "/kv/x", method: "PUT" }, (response) => {
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.on("error", reject);
      sent.write("y".repeat(2000));
    });
    expect(status).toBe(413);
    await served(address);
  });

  test("bodies that do not come whole, more than are kept; one that comes whole is taken", async () => {
    const limits = { maxCommandCharacters: 1000, maxArrivingBytes: 5000 };
    const address = await openDoor(new FakeCluster(), "s1", limits);
    const head = "PUT /kv/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4000\r\n\r\n";
    const [host = "", port] = address.split(":");
    const slow = connect({ host, port: Number(port) });
    slow.write(`${head}${"y".repeat(3000)}`);
    const statusOf = async () =>
      (await ask(`${address}/kv/x`, "PUT", { value: "y".repeat(900), more: "z".repeat(2000) }))
        .status;
    await until(async () => (await statusOf()) === 503);
    slow.destroy();
    await until(async () => (await statusOf()) === 200);
  });

  test.each([
    ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00", "400"],
    ["a header without end", `GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}`, "431"],
    [
      "a body that does not come",
      "PUT /kv/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\n",
      "408",
    ],
    ["half a header", "GET / HTT", "408"],
    ["a host that is not ours", "GET /status HTTP/1.1\r\nhost: evil.example\r\n\r\n", "403"],
    [
      "a page of a browser",
      "POST /kv/x HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example\r\n\r\n",
      "403",
    ],
    ["a method that is not there", "PATCH /kv/x HTTP/1.1\r\nhost: localhost\r\n\r\n", "405"],
    ["a path that is not there", "GET /kw/x HTTP/1.1\r\nhost: localhost\r\n\r\n", "404"],
    ["a path that makes no sense", "GET http://[ HTTP/1.1\r\nhost: localhost\r\n\r\n", "400"],
  ])("%s", async (_, text, status) => {
    const address = await openDoor(new FakeCluster(), "s1", { requestMilliseconds: 500 });
    expect(await exchange(address, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await served(address);
  });

  test.each([
    ["\x16\x03\x01\x02\x00\x01\x00", /^HTTP\/1.1 400 .*"error":"this is no request of HTTP/s],
    [`GET / HTTP/1.1\r\nx: ${"y".repeat(20_000)}`, /^HTTP\/1.1 431 .*"error":"the headers are/s],
    ["GET / HTT", /^HTTP\/1.1 408 .*"error":"the request did not arrive/s],
  ])("what is no request is told as JSON too", async (text, words) => {
    const address = await openDoor(new FakeCluster(), "s1", { requestMilliseconds: 500 });
    const answer = await exchange(address, text);
    expect(answer).toMatch(words);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toContain(`content-length: ${body.length}`);
    expect(JSON.parse(body)).toMatchObject({ mayHaveBeenExecuted: false });
  });

  test("400 requests that make no sense, or nearly", async () => {
    const cluster = new FakeCluster();
    const address = await openDoor(cluster, "s1", { requestMilliseconds: 500 });
    const body = '{"expected":null,"value":"1"}';
    const good = `POST /kv/x%20y HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    for (let seed = 1; seed <= 400; seed += 200) {
      const damaged = Array.from({ length: 200 }, (_, at) =>
        damage(Buffer.from(good), randomBelow(seed + at)),
      );
      await Promise.all(damaged.map((bytes) => exchange(address, bytes)));
    }
    await served(address);
  });

  test("requests without end on one connection, before any is answered", async () => {
    const cluster = new FakeCluster();
    const logged: string[] = [];
    const address = await openDoor(cluster, "s1", { log: (_, message) => logged.push(message) });
    const [host = "", port] = address.split(":");
    const put = 'PUT /kv/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 13\r\n\r\n{"value":"1"}';
    const send = (count: number) =>
      new Promise<number>((resolve) => {
        const socket = connect({ host, port: Number(port) });
        let answered = 0;
        socket.on("data", (piece) => {
          answered += String(piece).split("HTTP/1.1 200 OK").length - 1;
          if (answered === count) socket.destroy();
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(answered));
        socket.write(put.repeat(count));
      });
    expect(await send(60)).toBe(60);
    expect(await send(20_000)).toBeLessThan(20_000);
    expect(cluster.lastIndex).toBeLessThan(200);
    expect(logged).toEqual([
      "a client over HTTP was dropped: more than 64 requests wait on a connection",
    ]);
    await served(address);
  });

  /** Sends a text, and gives what comes back up to the end of the connection or a full answer. */
  function exchange(address: string, text: string | Buffer): Promise<string> {
    const [host = "", port] = address.split(":");
    return new Promise((resolve) => {
      const socket = connect({ host, port: Number(port) });
      let received = "";
      socket.on("data", (piece) => {
        received += piece;
        socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(received));
      socket.write(text);
    });
  }
});

describe("what a server tells of itself", () => {
  test("/status is its state", async () => {
    const address = await openDoor(new FakeCluster());
    expect(await ask(`${address}/status`)).toMatchObject({
      status: 200,
      body: { id: "s1", role: "Leader", commitIndex: 0 },
    });
    expect((await ask(`${address}/status`, "HEAD")).body).toBe("");
  });

  test("/metrics is what Prometheus reads", async () => {
    const histogram = new Histogram([0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
    const metrics = () =>
      [
        { name: "a_total", type: "counter", help: "Of a\nand \\.", samples: [{ value: 3 }] },
        {
          name: "b",
          type: "gauge",
          help: "Of b.",
          samples: [{ labels: { peer: 's"\n\\' }, value: 0.5 }],
        },
        { name: "c", type: "histogram", help: "Of c.", samples: histogram.samples() },
      ] as const;
    const address = await openDoor(new FakeCluster(), "s1", { metrics });
    const { headers, body } = await ask(`${address}/metrics`);
    expect(headers.get("content-type")).toMatch(/^text\/plain; version=0.0.4/);
    expect(body).toBe(metricsText(metrics()));
    expect(body).toBe(`# HELP a_total Of a\\nand \\\\.
# TYPE a_total counter
a_total 3
# HELP b Of b.
# TYPE b gauge
b{peer="s\\"\\n\\\\"} 0.5
# HELP c Of c.
# TYPE c histogram
c_bucket{le="0.1"} 2
c_bucket{le="1"} 3
c_bucket{le="+Inf"} 4
c_sum 7.65
c_count 4
`);
  });

  test("beyond loopback only with TLS", async () => {
    await expect(openDoor(new FakeCluster(), "s1", { listen: "0.0.0.0:0" })).rejects.toThrow(/TLS/);
    await expect(openDoor(new FakeCluster(), "s1", { listen: "nowhere" })).rejects.toThrow(
      /HOST:PORT/,
    );
  });
});

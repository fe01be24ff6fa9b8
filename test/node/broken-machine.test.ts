import { afterEach, describe, expect, test } from "vitest";
import { ClusterClient, StateMachineFault } from "../../src/index.ts";
import { snapshotOf } from "../../src/node/machine-calls.ts";
import { LocalCluster, propose, Register, read } from "./cluster.ts";

let cluster: LocalCluster;
afterEach(async () => {
  await cluster.remove();
});

/** Methods of a state machine that no compiler has looked at. */
type Broken = Readonly<Record<string, (...given: never[]) => unknown>>;

function broken(methods: Broken): Register {
  return Object.assign(new Register(), methods);
}

/** Starts a server with it, has it execute a command, and says why the server has ended. */
async function failureOf(methods: Broken, snapshotBytes = 1_000_000): Promise<unknown> {
  cluster = new LocalCluster(1, { limits: { snapshotBytes } });
  const server = await cluster.start("s1", {}, broken(methods));
  const { status } = await propose(await cluster.leader(), "x".repeat(100));
  // What a snapshot fails for was executed; nobody is told an answer that is none.
  expect(status).toBe("apply" in methods ? "unknown" : "executed");
  return await server.stopped;
}

/** Enough for the entry that begins a term, and not for the command after it. */
const SMALL = 100;

const later = async (): Promise<never> => {
  throw new Error("later");
};

/** Listens for rejections that nobody hears, which end a process. @returns a way to ask for them */
function countUnheard(): () => Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const listener = (reason: unknown): void => {
    found.push(reason);
  };
  process.on("unhandledRejection", listener);
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", listener);
    return found;
  };
}

const MENDED = "Nothing is lost: mend it, and start the server again";

describe("a server whose state machine", () => {
  test.each<[string, Broken, string]>([
    ["answers with a number", { apply: () => 5 }, "returned 5 for"],
    ["forgets its answer", { apply: () => undefined }, "returned undefined for"],
    ["answers with an object", { apply: () => ({ done: true }) }, 'returned {"done":true} for'],
  ])("%s stops, and says so", async (_, methods, what) => {
    const fault = await failureOf(methods);
    expect(fault).toBeInstanceOf(StateMachineFault);
    expect(String(fault)).toBe(
      `StateMachineFault: the state machine's apply ${what} the command at index 2: a text is expected. ${MENDED}`,
    );
  });

  test("is async stops, and says that it may not be", async () => {
    const { message } = (await failureOf({ apply: async () => "x" })) as Error;
    expect(message).toBe(
      `the state machine's apply returned an object of Promise for the command at index 2: a text is expected (no method of it can be async). ${MENDED}`,
    );
  });

  test.each<[string, Broken, string]>([
    ["apply", { apply: later }, "apply returned an object of Promise for the command at index 2"],
    ["snapshot", { snapshot: later }, "snapshot returned an object of Promise at index 2"],
    ["a piece", { snapshot: () => [later()] }, "snapshot gave an object of Promise at index 2"],
  ])(
    "rejects later (%s) stops, and nothing is left that would end the process",
    async (...given) => {
      const [, methods, what] = given;
      const unheard = countUnheard();
      const { message } = (await failureOf(methods, SMALL)) as Error;
      expect(message).toContain(`the state machine's ${what}: `);
      expect(await unheard()).toEqual([]);
    },
  );

  test("throws stops, and says where", async () => {
    const cause = new Error("no such account");
    const fault = await failureOf({
      apply: () => {
        throw cause;
      },
    });
    expect(fault).toMatchObject({
      cause,
      message: `the state machine's apply threw for the command at index 2: no such account. ${MENDED}`,
    });
  });

  test.each<[string, Broken, string]>([
    [
      "gives no pieces",
      { snapshot: () => 7 },
      "returned 7 at index 2: an iterable of texts is expected",
    ],
    [
      "gives pieces later",
      { snapshot: async function* () {} },
      "returned an object of AsyncGenerator at index 2: an iterable of texts is expected",
    ],
    [
      "gives a piece that is no text",
      { snapshot: () => ["a", undefined, "b"] },
      "gave undefined at index 2: a text is expected",
    ],
    [
      "throws between pieces",
      {
        *snapshot() {
          yield "a";
          throw new Error("lost");
        },
      },
      "threw at index 2: lost",
    ],
  ])("%s for a snapshot stops, and none is written", async (_, methods, what) => {
    const fault = await failureOf(methods, SMALL);
    expect(String(fault)).toBe(
      `StateMachineFault: the state machine's snapshot ${what}. ${MENDED}`,
    );
    // All is still in the log: one that is mended goes on from it.
    await cluster.stopAll();
    await cluster.startAll();
    expect(await cluster.execute("after")).toMatchObject({ answer: "2" });
  });

  test("has taken back no snapshot when `restore` returns does not start", async () => {
    cluster = new LocalCluster(1, { limits: { snapshotBytes: 1 } });
    await cluster.startAll();
    for (let i = 0; i < 20; i++) await cluster.execute("x".repeat(100));
    const { snapshotIndex } = (await cluster.leader()).status();
    expect(snapshotIndex).toBeGreaterThan(0);
    await cluster.stopAll();
    const unheard = countUnheard();
    for (const restore of [async () => {}, later]) {
      await expect(cluster.start("s1", {}, broken({ restore }))).rejects.toThrow(
        /restore returned an object of Promise for the snapshot up to index \d+: nothing is expected \(no method/,
      );
    }
    expect(await unheard()).toEqual([]);
  });

  test("goes on from the log once it is mended, whether a client waits or not", async () => {
    const first = await failureOf({ apply: () => 5 });
    // Nobody waits at a restart: to pass over it there would let servers differ.
    await cluster.stopAll();
    const again = await cluster.start("s1", {}, broken({ apply: () => 5 }));
    expect(await again.stopped).toEqual(first);
    await cluster.stopAll();
    await cluster.startAll();
    expect(await cluster.execute("after")).toMatchObject({ answer: "2" });
  });
});

test("a query that fails is refused, with why, and the server goes on", async () => {
  cluster = new LocalCluster(1);
  const query = (text: string): unknown => {
    if (text === "throw") throw new Error("no such key");
    if (text === "later") return later();
    return text === "number" ? 5 : "fine";
  };
  await cluster.start("s1", {}, broken({ query } as Broken));
  const leader = await cluster.leader();
  const unheard = countUnheard();
  await propose(leader, "x");
  expect(await read(leader, "later")).toMatchObject({ reason: expect.stringContaining("async") });
  expect(await unheard()).toEqual([]);
  expect(await Promise.all(["number", "throw", "text"].map((text) => read(leader, text)))).toEqual([
    {
      status: "refused",
      reason: "the state machine's query returned 5 for a query at index 2: a text is expected",
    },
    {
      status: "refused",
      reason: "the state machine's query threw for a query at index 2: no such key",
    },
    { status: "executed", index: 2, answer: "fine" },
  ]);
  expect(await propose(leader, "y")).toMatchObject({ answer: "2" });
});

test("a query that is async is refused, and its rejection ends nothing", async () => {
  cluster = new LocalCluster(1);
  const query = async (): Promise<never> => {
    throw new Error("no such key");
  };
  await cluster.start("s1", {}, broken({ query }));
  const leader = await cluster.leader();
  await propose(leader, "x");
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => {
    rejections.push(reason);
  };
  process.on("unhandledRejection", note);
  try {
    const { status } = await read(leader, "x");
    await new Promise((resolve) => setImmediate(resolve));
    expect({ status, rejections }).toEqual({ status: "refused", rejections: [] });
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("a text in place of a snapshot's pieces is one piece, and not as many as it has characters", () => {
  cluster = new LocalCluster(1);
  const machine = broken({ snapshot: () => "state" });
  expect([...snapshotOf(machine, 1)]).toEqual(["state"]);
});

test("a command that is no text is refused, and not sent", async () => {
  cluster = new LocalCluster(1);
  await cluster.startAll();
  const leader = await cluster.leader();
  const reason = "it is 5, and a text is expected";
  const number = 5 as unknown as string;
  expect(await leader.execute(number)).toEqual({ status: "refused", reason });
  expect(await leader.query(number)).toEqual({ status: "refused", reason });
  const client = new ClusterClient({ servers: { s1: "127.0.0.1:1" } });
  await expect(client.propose(number)).rejects.toMatchObject({ code: "refused", message: reason });
});

test.each(["propose", "read"] as const)(
  "a callback of %s that throws ends the server, which says why and leaves nobody waiting",
  async (method) => {
    cluster = new LocalCluster(1);
    const server = await cluster.start("s1");
    await server.waitForLeader();
    let calls = 0;
    const throws = (): void => {
      calls++;
      throw new Error("of the program");
    };
    server[method]("x", throws);
    server[method]("x", throws);
    const waits = method === "read" ? server.query("0") : server.execute("y");
    expect(await server.stopped).toEqual(new Error("of the program"));
    expect(await waits).toMatchObject({ status: expect.stringMatching(/^(refused|unknown)$/) });
    expect(calls).toBe(2);
  },
);

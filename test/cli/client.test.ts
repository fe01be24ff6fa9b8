import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { clientCommand } from "../../src/cli/client.ts";
import type { CommandIo } from "../../src/cli/command.ts";
import { dispatch } from "../../src/cli/dispatch.ts";
import { HttpDoor } from "../../src/node/http/door.ts";
import { makeAuthority, makeCertificate } from "../node/certificates.ts";
import { FakeCluster, openDoors } from "../node/client/fake-cluster.ts";
import { closeNodes } from "../node/transport/pair.ts";

const folder = mkdtempSync(join(tmpdir(), "lockstep-client-"));
let cluster: FakeCluster;
let servers: string;

beforeEach(async () => {
  cluster = new FakeCluster();
  const { addresses } = await openDoors(cluster, ["s1", "s2"]);
  servers = Object.entries(addresses)
    .map(([id, address]) => `${id}=${address}`)
    .join(",");
});

afterEach(closeNodes);

/** A parser cites the whole of it, with its newline. */
const SHORT = join(folder, "short.json");
writeFileSync(SHORT, "hello\n");

afterAll(() => rmSync(folder, { recursive: true }));

async function client(...args: readonly string[]) {
  return await clientWith({ LOCKSTEP_SERVERS: servers }, ...args);
}

async function clientWith(env: CommandIo["env"], ...args: readonly string[]) {
  let stdout = "";
  let stderr = "";
  const io: CommandIo = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env,
    color: false,
  };
  const exitCode = await dispatch(["client", ...args], [clientCommand], io);
  return { exitCode, stdout, stderr };
}

/** An authority, and the certificates and keys of two whom it has signed. */
async function writeCertificates(): Promise<void> {
  const authority = await makeAuthority();
  writeFileSync(join(folder, "authority.pem"), authority.certificate);
  for (const name of ["s1", "s2"]) {
    const { certificate, key } = await makeCertificate(authority, { names: [name] });
    writeFileSync(join(folder, `${name}.pem`), certificate);
    writeFileSync(join(folder, `${name}-key.pem`), key);
  }
}

describe("lockstep client", () => {
  test("puts, gets, deletes, and sets only what it finds as expected", async () => {
    expect(await client("get", "x")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "x holds nothing\n",
    });
    expect(await client("put", "x", "1")).toEqual({
      exitCode: 0,
      stdout: "done; before it held nothing\n",
      stderr: "",
    });
    expect(await client("get", "x")).toEqual({ exitCode: 0, stdout: "1\n", stderr: "" });
    expect(await client("cas", "x", "2", "3")).toEqual({
      exitCode: 1,
      stdout: 'not set: it holds "1"\n',
      stderr: "",
    });
    expect(await client("cas", "x", "1", "3")).toMatchObject({ exitCode: 0, stdout: "done\n" });
    expect((await client("delete", "x")).stdout).toBe('done; before it held "3"\n');
    expect((await client("cas", "x", "--absent", "4")).exitCode).toBe(0);
  });

  test("takes a value that begins with a dash after --", async () => {
    expect((await client("put", "x", "--", "-5")).exitCode).toBe(0);
    expect((await client("get", "x")).stdout).toBe("-5\n");
    expect((await client("cas", "--json", "--", "x", "-5", "--absent")).exitCode).toBe(0);
    expect((await client("get", "x")).stdout).toBe("--absent\n");
  });

  test("asks no server for a key that none would take", async () => {
    const key = "k".repeat(1024);
    expect((await client("put", key, "1")).exitCode).toBe(0);
    const nobody = { LOCKSTEP_SERVERS: "s1=127.0.0.1:1" };
    for (const none of ["", `${key}k`]) {
      expect(await clientWith(nobody, "get", none)).toMatchObject({ exitCode: 2, stdout: "" });
    }
  });

  test("with --json gives one document", async () => {
    expect(JSON.parse((await client("put", "x", "1", "--json")).stdout)).toEqual({
      key: "x",
      previous: null,
    });
    expect(JSON.parse((await client("get", "y", "--json")).stdout)).toEqual({
      key: "y",
      value: null,
    });
    expect(JSON.parse((await client("cas", "x", "1", "2", "--json")).stdout)).toEqual({
      key: "x",
      isSet: true,
      value: "1",
    });
    const { stdout } = await client("status", "--json");
    expect(JSON.parse(stdout).servers).toMatchObject([{ id: "s1", role: "Leader" }, { id: "s2" }]);
  });

  test("tells the status of each server, also of one that is down", async () => {
    const { stdout, exitCode } = await client("status", "--server", `s9=127.0.0.1:1`);
    expect({ stdout, exitCode }).toEqual({
      stdout: expect.stringMatching(/^s9 +does not answer +s9 \(127.0.0.1:1\): .*ECONNREFUSED/),
      exitCode: 3,
    });
    expect((await client("status")).stdout).toMatch(
      /^s1 {2}Leader +term 1 +log up to 0 +committed up to 0\ns2 {2}Follower .*\n$/,
    );
  });

  test("takes the servers from flags before a file, and a file before the environment", async () => {
    const [, flag = ""] = servers.split(",");
    const file = join(folder, "s1.json");
    const [s1 = ""] = servers.replace("s1=", "").split(",");
    writeFileSync(file, JSON.stringify({ id: "s1", clusterId: "test", servers: { s1 } }));
    expect((await clientWith({}, "put", "x", "1", "--config", file)).exitCode).toBe(0);
    // Its follower leads on to the leader.
    expect((await clientWith({}, "get", "x", "--server", flag)).stdout).toBe("1\n");
    writeFileSync(file, JSON.stringify({ clusterId: "other", servers: { s1 } }));
    const { exitCode, stderr } = await client("get", "x", "--config", file);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("this is cluster test");
  });

  test("tells at once that no server is of the cluster that is meant, and that of one that is down", async () => {
    const begin = performance.now();
    const all = await client("get", "x", "--cluster", "other");
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(all).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(
        /: s1 .*this is cluster test; s2 .*this is cluster test\. Nothing was read/,
      ),
    });
    const more = [
      "--server",
      "s9=127.0.0.1:1",
      ...servers.split(",").flatMap((one) => ["--server", one]),
    ];
    const some = await client("get", "x", "--cluster", "other", "--timeout", "0.5", ...more);
    expect(some.stderr).toMatch(
      /within 500 ms: s[12] .*this is cluster test; s[12] .*; s9 .*ECONNREFUSED/,
    );
  });

  test("knows the HTTP door of a server when it gets there", async () => {
    const door = await HttpDoor.open({
      server: cluster.server("s1"),
      listen: "127.0.0.1:0",
      tls: null,
      addresses: {},
      log: () => {},
    });
    const { exitCode, stderr } = await client("get", "x", "--server", `s1=${door.address}`);
    await door.close();
    expect(exitCode).toBe(3);
    expect(stderr).toContain("this looks like a server's HTTP door");
  });

  test("says whether a command may have been executed", async () => {
    let requests = 0;
    // The session is opened; only the command itself is in doubt.
    cluster.mood = () => (++requests === 1 ? "answers" : "loses");
    const put = await client("put", "x", "1", "--timeout", "0.3");
    expect(put).toMatchObject({ exitCode: 3, stdout: "" });
    expect(put.stderr).toMatch(/it may have been executed/);
    cluster.mood = () => "refuses";
    expect((await client("get", "x", "--timeout", "0.3")).stderr).toMatch(
      /\. Nothing was read\.\n$/,
    );
    expect((await client("put", "x", "1", "--timeout", "0.3")).stderr).toMatch(/not executed/);
  });

  test("says that no session could be opened, and not that the command may have been executed", async () => {
    cluster.mood = () => "loses";
    const { exitCode, stderr } = await client("put", "x", "1", "--timeout", "0.3");
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /no session could be opened: no answer within 300 ms: .*leadership was lost\. It was not executed\.\n/,
    );
    expect(stderr).not.toContain("may have been executed");
  });

  test.each([
    ["a key of another certificate", "s1.pem", "s2-key.pem"],
    ["a file that is no certificate", "s2-key.pem", "s1-key.pem"],
    ["a file that is no key", "s1.pem", "s1.pem"],
  ])("refuses %s at once", async (_, certificate, key) => {
    await writeCertificates();
    const flags = Object.entries({ authority: "authority.pem", certificate, key });
    const tls = flags.flatMap(([name, file]) => [`--tls-${name}`, join(folder, file)]);
    for (const action of [["put", "x", "1"], ["get", "x"], ["status"]]) {
      expect(await client(...action, ...tls)).toEqual({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("the certificate, its key or the authority cannot be used"),
      });
    }
  });

  test.each([
    [[], "say what to ask: get, put, delete, cas, status."],
    [["got", "x"], 'there is no got (did you mean "get"?)'],
    [["get"], "get takes KEY: 0 given."],
    [["put", "x"], "put takes KEY VALUE: 1 given."],
    [["cas", "x", "--absent"], "cas takes KEY --absent VALUE: 1 given."],
    [["get", "x", "--absent"], "--absent goes with cas only."],
    [["status", "x"], "status takes nothing: 1 given."],
    [["get", "x", "--timeout", "soon"], "--timeout soon is not a number of seconds"],
    [["get", "x", "--server", "s1"], "--server s1: NAME=HOST:PORT is expected."],
    [["get", "x", "--server", "s1=here"], 'servers.s1 is "here": HOST:PORT is expected'],
    [["get", "x", "--server", "s1=192.0.2.1:1"], "TLS is required"],
    [
      ["get", "x", "--config", "nowhere"],
      "cannot be read (ENOENT: no such file or directory): check the path.\n",
    ],
    [["get", "x", "--config", SHORT], "short.json is not JSON (Unexpected token"],
    [["get", "x", "--tls-key", "k"], "TLS takes three PEM files"],
    [["get", ""], "the key is empty: a text of 1 to 1024 characters is expected."],
    [["put", "", "1"], "the key is empty"],
    [["delete", ""], "the key is empty"],
    [["cas", "", "--absent", "1"], "the key is empty"],
    [["get", "k".repeat(1025)], "the key has 1,025 characters: a text of 1 to 1024 characters"],
    [["put", "x", "-5"], "Unknown option '-5'. A value that begins with a dash goes to the end"],
    [["put", "x", "-55"], "goes to the end, after --, as in: -- -55."],
    [["put", "x", "--green"], "goes to the end, after --, as in: -- --green."],
    [["cas", "x", "--absent", "-5"], "goes to the end, after --, as in: -- -5."],
    [["put", "x", "1", "--serve", "s1=127.0.0.1:1"], "Did you mean --server? See"],
  ])("refuses %j as bad usage", async (args, words) => {
    const { exitCode, stderr, stdout } = await client(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^.*\n$/);
  });

  test("asks for servers where none is named", async () => {
    expect(await clientWith({}, "get", "x")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("no server is named: give --server NAME=HOST:PORT"),
    });
    const { stderr } = await clientWith({ LOCKSTEP_SERVERS: "s1" }, "get", "x");
    expect(stderr).toContain("LOCKSTEP_SERVERS s1: NAME=HOST:PORT is expected.");
  });
});

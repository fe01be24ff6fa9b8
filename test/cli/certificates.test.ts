/** The certificates that src/node/transport/README.md tells how to make, by the programs that it names. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../node/transport/pair.ts";
import { lockstep, MAIN, ROOT } from "./program.ts";

const DOCUMENT = readFileSync(join(ROOT, "src/node/transport/README.md"), "utf8");
const [, major = "0"] = /^OpenSSL (\d+)/.exec(run("openssl", ["version"])) ?? [];

let folder: string;
let server: ChildProcess | null = null;

function run(program: string, args: readonly string[], cwd?: string): string {
  return spawnSync(program, args, { cwd, encoding: "utf8" }).stdout ?? "";
}

/** The document's commands, with the lines of each put together. */
function commands(beginning: string): readonly string[] {
  const blocks = [...DOCUMENT.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  return blocks
    .flatMap((text) => text.replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith(beginning));
}

describe.skipIf(Number(major) < 3)("with the certificates of src/node/transport/README.md", () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-certificates-"));
    for (const command of commands("openssl")) {
      const { status, stderr } = spawnSync("sh", ["-c", command], {
        cwd: folder,
        encoding: "utf8",
      });
      expect(status, stderr).toBe(0);
    }
  });

  afterAll(() => {
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("a server serves its clients over TCP and HTTPS, and nobody else", async () => {
    const [serve = "", client = ""] = commands("lockstep ");
    const address = await startServing(serve);
    const env = { ...process.env, LOCKSTEP_SERVERS: `s1=${address.tcp}` };
    const [, , , ...tls] = client.split(" ").slice(1);
    const put = await lockstep(["client", "put", "colour", "green", ...tls], { cwd: folder, env });
    expect(put).toMatchObject({ exitCode: 0, stderr: "" });
    const get = await lockstep(client.split(" ").slice(1), { cwd: folder, env });
    expect(get).toMatchObject({ exitCode: 0, stdout: "green\n" });
    const without = await lockstep(["client", "get", "colour", "--timeout", "1"], {
      cwd: folder,
      env,
    });
    expect(without.exitCode).toBe(3);

    const [curl = ""] = commands("curl");
    const args = curl.replace("127.0.0.1:8001", address.http).split(" ").slice(1);
    if (run("curl", ["--version"]) === "") return;
    expect(JSON.parse(run("curl", ["-s", ...args], folder))).toEqual({
      key: "colour",
      value: "green",
    });
    const anonymous = args.slice(0, 2).concat(args.at(-1) ?? "");
    expect(run("curl", ["-s", ...anonymous], folder)).toBe("");
  });

  /** Starts the server of the document, a cluster of its own, on ports that are free. */
  async function startServing(command: string): Promise<{ tcp: string; http: string }> {
    const tls = command.split(" ").slice(2, -1);
    const own = ["--id", "s1", "--cluster", "demo", "--folder", "s1", "--server", "s1=127.0.0.1:0"];
    const args = [MAIN, "serve", ...own, "--http", "s1=127.0.0.1:0", "--json", ...tls];
    let told = "";
    server = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    server.stdout?.on("data", (piece) => {
      told += piece;
    });
    await until(
      () => told.includes("}\n"),
      () => `the server tells of itself: ${told}`,
    );
    const { address, httpAddress } = JSON.parse(told);
    return { tcp: address, http: httpAddress };
  }
});

/** README's cluster by hand, word for word, but for ports that are free and `npx`. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lockstep, MAIN, ROOT, runProgram } from "../cli/program.ts";
import { readDocument } from "./documents.ts";

const [, SECTION = ""] = readDocument("README.md").split("### A cluster by hand\n");
const PORTS = ["7001", "7002", "7003"];

const servers = new Map<string, ChildProcess>();
let folder: string;
let ports: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-by-hand-"));
  ports = await Promise.all(PORTS.map(freePort));
});

afterAll(() => {
  for (const server of servers.values()) server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? String(address?.port) : "";
}

/** The fenced blocks of a language, up to the next heading. */
function blocks(language: string): readonly string[] {
  const [own = ""] = SECTION.split(/^#+ /m);
  const found = own.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"));
  return [...found].map((match) => match[1] ?? "");
}

function withOwnPorts(text: string): string {
  return PORTS.reduce((changed, port, at) => changed.replace(port, ports[at] ?? ""), text);
}

function environment(): NodeJS.ProcessEnv {
  const [block = ""] = blocks("sh");
  const [, name = "", value = ""] = /^export (\w+)=(.*)$/m.exec(block) ?? [];
  return { ...process.env, NO_COLOR: "1", [name]: withOwnPorts(value) };
}

/** What a session shows: each command with its output. */
function session(at: number): readonly (readonly [args: readonly string[], output: string])[] {
  const text = blocks("shell-session")[at] ?? "";
  return text
    .split(/^\$ npx lockstep /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...output] = part.split("\n");
      return [command.split(" "), output.join("\n")];
    });
}

/** Who leads and in which term may differ, and so may the entries; how the lines look may not. */
function withoutLeader(text: string): readonly string[] {
  const lines = text.replaceAll(/(term|up to) \d+/g, "$1 N").split("\n");
  return lines.map((line) => line.replace(/^s\d {2}/, "")).sort();
}

async function runSession(at: number): Promise<void> {
  for (const [args, output] of session(at)) {
    const { stdout, stderr, exitCode } = await lockstep(args, { cwd: folder, env: environment() });
    expect({ stderr, exitCode }, args.join(" ")).toEqual({ stderr: "", exitCode: 0 });
    expect(withoutLeader(stdout), args.join(" ")).toEqual(withoutLeader(output));
  }
}

test("README's cluster by hand: a value survives the leader that took it", async () => {
  const commands = (blocks("sh")[1] ?? "").trim().split("\n");
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const args = command.split(" ").slice(2);
    const id = args[args.indexOf("--id") + 1] ?? "";
    const options = { cwd: folder, env: environment(), stdio: "ignore" } as const;
    servers.set(id, spawn(process.execPath, [MAIN, ...args], options));
  }
  await runSession(0);
  const status = await lockstep(["client", "status", "--json"], { env: environment() });
  const told: readonly { id: string; role: string }[] = JSON.parse(status.stdout).servers;
  const leader = told.find(({ role }) => role === "Leader")?.id ?? "";
  expect(servers.get(leader)?.kill("SIGKILL")).toBe(true);
  await runSession(1);
  expect(await runExample()).toEqual({ exitCode: 0, stdout: "round\n", stderr: "" });
});

/** The program of src/node/transport/README.md, below the package, so that it finds it by name. */
async function runExample() {
  const text = readDocument("src/node/transport/README.md");
  const program = withOwnPorts(/^```js\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? "");
  mkdirSync(join(ROOT, ".lockstep"), { recursive: true });
  const own = mkdtempSync(join(ROOT, ".lockstep", "client-"));
  writeFileSync(join(own, "example.mjs"), program);
  try {
    return await runProgram(process.execPath, ["example.mjs"], { cwd: own });
  } finally {
    rmSync(own, { recursive: true });
  }
}

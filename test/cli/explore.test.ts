/** `lockstep explore`: the page as a file, and served to this machine. */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockstep, MAIN, ROOT } from "./program.ts";

const EXAMPLES = join(ROOT, "spec", "examples");
const ELECTION = join(EXAMPLES, "election.ndjson");
const ONE_SERVER = join(EXAMPLES, "a-file-a-server", "s1.ndjson");

describe("lockstep explore", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-explore-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("--out writes one file, with the trace that is named in it", async () => {
    const file = join(folder, "page.html");
    const { exitCode, stdout } = await lockstep(["explore", ELECTION, "--out", file, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).file).toBe(file);
    const page = readFileSync(file, "utf8");
    expect(page).toContain("election.ndjson");
    expect(page).not.toMatch(/(src|href)="?https?:/);
  });

  test("takes the files of the servers of one execution together", async () => {
    const file = join(folder, "three.html");
    const traces = ["s1", "s2", "s3"].map((id) => ONE_SERVER.replace("s1.ndjson", `${id}.ndjson`));
    expect((await lockstep(["explore", ...traces, "--out", file])).exitCode).toBe(0);
    const page = readFileSync(file, "utf8");
    for (const trace of traces) expect(page).toContain(JSON.stringify(trace));
  });

  test("shows a malformed trace up to where it is one, says so, and exits with 2", async () => {
    const trace = join(folder, "malformed.ndjson");
    writeFileSync(trace, `${readFileSync(ELECTION, "utf8")}{"server":"s9"}\n`);
    const fault = `${trace}:34: server: "s9" is not of the cluster.`;
    const file = join(folder, "malformed.html");
    const written = await lockstep(["explore", trace, "--out", file, "--json"]);
    expect(written.exitCode).toBe(2);
    expect(written.stderr).toContain(`lockstep explore: ${fault}`);
    expect(written.stderr).toContain("The page shows what comes before.");
    expect(JSON.parse(written.stdout).malformed).toEqual([
      { file: trace, line: 34, field: "server", message: expect.stringContaining(fault) },
    ]);
    expect(readFileSync(file, "utf8")).toContain("malformed.ndjson");
    const checked = await lockstep(["check", "--engine", "compiled", trace]);
    expect(checked.stdout).toContain(fault);
    expect(checked.exitCode).toBe(written.exitCode);
    const child = spawn(process.execPath, [MAIN, "explore", trace, "--no-open", "--json"]);
    child.stdout.once("data", () => child.kill("SIGINT"));
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(2);
  });

  test("writes no page where nothing of a trace can be shown", async () => {
    const trace = join(folder, "marked.ndjson");
    const file = join(folder, "marked.html");
    for (const [bytes, words] of [
      [
        Buffer.from(`\ufeff${readFileSync(ELECTION)}`),
        ":1: the file begins with a byte order mark",
      ],
      [Buffer.concat([readFileSync(ELECTION), Buffer.of(0xff)]), ":34: the line is not UTF-8"],
      [Buffer.from(`${readFileSync(ELECTION, "utf8").split("\n")[0]}\n{}\n`), ":2: server: "],
      [readFileSync(ELECTION).subarray(0, 0), ":1: the file is empty"],
    ] as const) {
      writeFileSync(trace, bytes);
      const { exitCode, stderr } = await lockstep(["explore", trace, "--out", file]);
      expect(stderr).toContain(`lockstep explore: ${trace}${words}`);
      expect(exitCode).toBe(2);
      expect(existsSync(file)).toBe(false);
    }
  });

  test("--out makes the folders that are missing, and does not overwrite the trace", async () => {
    const file = join(folder, "new", "and new", "page.html");
    expect((await lockstep(["explore", "--out", file])).exitCode).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("Lockstep explorer");
    const trace = join(folder, "own.ndjson");
    copyFileSync(join(ROOT, "spec", "examples", "election.ndjson"), trace);
    const { exitCode, stderr } = await lockstep(["explore", trace, "--out", trace]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--out ${trace} is the trace that the page is to show`);
    expect(readFileSync(trace, "utf8")).toContain('"format":"lockstep-raft-trace"');
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "serves the page on the loopback address until %s, which is no failure",
    async (signal) => {
      const child = spawn(process.execPath, [MAIN, "explore", "--no-open", "--json"]);
      const url = await new Promise<string>((resolve) => {
        child.stdout.once("data", (chunk) => resolve(JSON.parse(String(chunk)).url));
      });
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(await (await fetch(url)).text()).toContain("Lockstep explorer");
      expect((await fetch(`${url}other`)).status).toBe(404);
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.kill(signal);
      expect({ exitCode: await ended, stderr }).toEqual({ exitCode: 0, stderr: "" });
    },
  );

  test.each([
    [["no-such.ndjson"], 2, "no-such.ndjson: there is no such file. Check the path."],
    [["spec"], 2, "spec: it is a folder: name the trace files in it."],
    [
      ["package.json/x"],
      2,
      "package.json/x cannot be read (ENOTDIR: not a directory): check the path",
    ],
    [["-x.ndjson"], 2, "goes to the end, after --, as in: -- -x.ndjson. See"],
    [["--bogus"], 2, "Unknown option '--bogus'. See lockstep explore --help."],
    [[""], 2, "a path is empty: name a file or a folder, or leave it out."],
    [["package.json"], 2, "package.json:1: "],
    [["a", "b"], 2, "a: there is no such file"],
    [[ONE_SERVER, ELECTION], 2, "One trace at a time; several files only where each is of one"],
    [[ONE_SERVER], 2, "s2:1:1 was sent by s2, and there is no file of s2"],
    [["--port", "zero"], 2, "--port zero: a number from 1 to 65535"],
    [["--out", "/dev/null/page.html"], 2, "--out /dev/null/page.html cannot be written (ENOTDIR"],
    [["--out="], 2, "--out is empty"],
    [["--out", "page.html", "--port", "5"], 2, "--port goes not with --out"],
  ])("%j exits with %i and says what is wrong", async (args, code, words) => {
    const { exitCode, stderr } = await lockstep(["explore", ...args]);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(code);
  });
});

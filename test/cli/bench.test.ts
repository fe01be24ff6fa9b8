import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lockstep } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "lockstep-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("lockstep bench hour, in three seconds: what three servers take, and their restart", async () => {
  const samples = join(folder, "samples.csv");
  const extent = ["--commands", "3000", "--seconds", "3", "--samples", samples];
  const result = await lockstep(["bench", "hour", ...extent, "--runs", "1", "--json"]);
  expect(result.exitCode, result.stderr).toBe(0);
  const { benchmarks } = JSON.parse(result.stdout);
  const figures: { what: string; value: number }[] = benchmarks[0].figures;
  const figureOf = (what: string) => figures.find((figure) => figure.what.startsWith(what))?.value;
  expect(figureOf("commands executed")).toBe(3000);
  expect(figureOf("commands that failed")).toBe(0);
  expect(figureOf("memory of a server, the most at all")).toBeGreaterThan(10);
  expect(figureOf("disk of a server, the most")).toBeGreaterThan(16);
  expect(figureOf("restart of all")).toBeGreaterThan(0);
  const [header, ...rows] = readFileSync(samples, "utf8").trimEnd().split("\n");
  expect(header).toBe(
    [
      ...["seconds", "server", "executed", "rssBytes", "heapTotalBytes", "externalBytes"],
      ...["arrayBufferBytes", "aliveBytes", "fullCollections", "diskBytes", "logEntries"],
    ].join(","),
  );
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.at(-1)).toMatch(/^[\d.]+,s3,\d+,\d{8,},\d{7,},\d+,\d+,\d+,\d+,\d{8,},\d+$/);
});

test.each([
  [["nothing"], "there is no benchmark nothing"],
  [["hour", "--seconds", "0"], "--seconds 0 is not a number from 1 to 1000000"],
  [["restart", "--commands", "many"], "--commands many is not a number from 1"],
  [["--runs", "1000"], "--runs 1000 is not a number from 1 to 999"],
])("lockstep bench %j is bad usage", async (args, words) => {
  const { exitCode, stderr } = await lockstep(["bench", ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(words) });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { traceText } from "../../src/trace/writer.ts";
import { checkFile } from "../../trace-check/compiled/check-file.ts";
import { Pool } from "../../trace-check/compiled/pool.ts";
import { EngineError, type FileCheck } from "../../trace-check/engine.ts";
import { ROOT } from "../cli/program.ts";
import { mutate } from "../engine/mutations.ts";
import { record } from "./record.ts";

/** Threads run what was built. */
const WORKER = pathToFileURL(join(ROOT, "dist", "trace-check", "compiled", "worker.js"));

/** A worker that ends, or throws, on files of certain names, and is right about all others. */
const FRAIL = `
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ files: [file] }) => {
  if (file.includes("exit")) process.exit(3);
  if (file.includes("throw")) throw new Error("this file is too much");
  parentPort.postMessage({ check: { kind: "whole" } });
});`;

let folder = "";
const files: string[] = [];
let pool: Pool | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-pool-"));
  const base = record({ seed: 31, events: 300, timeouts: 60, crashes: 15 });
  for (let seed = 1; seed <= 12; seed++) {
    const { header, events } = seed % 3 === 0 ? base : mutate(base, seed);
    const file = join(folder, `${seed}.ndjson`);
    const text = traceText(header, events);
    await writeFile(file, seed === 10 ? text.slice(0, -20) : text);
    files.push(file);
  }
  files.push(join(folder, "missing.ndjson"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await pool?.close();
  pool = null;
});

function checkIn(each: Pool, file: string): Promise<FileCheck> {
  return each.check({ files: [file], isExecution: false, rules: null });
}

test("threads find of each file what one thread finds", async () => {
  pool = new Pool(WORKER, 3);
  const inThreads = await Promise.all(files.map((file) => checkIn(pool as Pool, file)));
  const alone = await Promise.all(files.map((file) => checkFile(file, null)));
  expect(inThreads).toEqual(alone);
  const kinds = new Set(alone.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(["malformed", "valid", "whole"]);
});

test("a thread that ends fails its file alone: the others are checked by another", async () => {
  const frail = join(folder, "frail.mjs");
  await writeFile(frail, FRAIL);
  for (const workers of [1, 2]) {
    const threads = new Pool(pathToFileURL(frail), workers);
    pool = threads;
    const names = ["a", "exit-1", "b", "throw-1", "exit-2", "c", "throw-2", "d"];
    const outcomes = await Promise.allSettled(names.map((name) => checkIn(threads, name)));
    for (const [place, name] of names.entries()) {
      const outcome = outcomes[place];
      if (outcome?.status === "fulfilled") {
        expect({ name, value: outcome.value }).toEqual({ name, value: { kind: "whole" } });
        expect(name).not.toMatch(/exit|throw/);
        continue;
      }
      expect(outcome?.reason).toBeInstanceOf(EngineError);
      const why = name.startsWith("exit") ? "its thread ended" : "this file is too much";
      expect(outcome?.reason.message).toMatch(new RegExp(`a worker failed on ${name}: .*${why}`));
    }
    await threads.close();
  }
});

test("a pool whose threads cannot start says so of each file", async () => {
  pool = new Pool(pathToFileURL(join(folder, "none.mjs")), 2);
  const outcomes = await Promise.allSettled(files.map((file) => checkIn(pool as Pool, file)));
  expect(outcomes.map(({ status }) => status)).toEqual(files.map(() => "rejected"));
});

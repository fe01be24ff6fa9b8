import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { openTrace, type Trace } from "../../src/trace/reader.ts";
import { traceText } from "../../src/trace/writer.ts";
import { checkPaths } from "../../trace-check/check.ts";
import { inCausalOrder } from "../../trace-check/compiled/causal-order.ts";
import { checkExecution } from "../../trace-check/compiled/check-execution.ts";
import { createCompiledEngine, createFileEngine } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { merge } from "../../trace-check/merge.ts";
import { readWords } from "../../trace-check/words.ts";
import { mutate } from "../engine/mutations.ts";
import { record } from "./record.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-execution-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The trace as each server would have written its own. */
function filesOf(trace: TraceToCheck, execution = "e1"): readonly Trace[] {
  return trace.header.servers.map((server) => ({
    file: `${server}.ndjson`,
    header: { ...trace.header, server, execution },
    events: trace.events.filter((event) => event.server === server),
  }));
}

async function write(into: string, files: readonly Trace[]): Promise<readonly string[]> {
  await mkdir(into, { recursive: true });
  const paths: string[] = [];
  for (const { file, header, events } of files) {
    const path = join(into, file);
    await writeFile(path, traceText(header, events));
    paths.push(path);
  }
  return paths;
}

const base = record({ seed: 41, events: 500, timeouts: 60, crashes: 15, servers: 5 });

async function opened({ file, header, events }: Trace, chunkEvents: number, onChunk = () => {}) {
  async function* chunks() {
    const lines = traceText(header, events).split(/(?<=\n)/);
    yield Buffer.from(lines[0] ?? "");
    for (let at = 1; at < lines.length; at += chunkEvents) {
      onChunk();
      yield Buffer.from(lines.slice(at, at + chunkEvents).join(""));
    }
  }
  return await openTrace(chunks(), file);
}

test.each([1, 7, 1000])(
  "events come in the order in which they are merged, by %s",
  async (size) => {
    const files = filesOf(base);
    const merged = merge("e1", files);
    const events: TraceEvent[] = [];
    const open = await Promise.all(files.map((file) => opened(file, size)));
    for await (const some of inCausalOrder(open)) events.push(...(some ?? []));
    if (merged.kind === "malformed") throw new Error(merged.malformed.message);
    expect(events).toEqual(merged.loaded.trace.events);
  },
);

test("no file is read ahead by more than a piece: what is held does not grow with the files", async () => {
  const size = 5;
  const files = filesOf(base);
  const read = files.map(() => 0);
  const taken = new Map<string, number>();
  const open = await Promise.all(
    files.map((file, place) =>
      opened(file, size, () => {
        read[place] = (read[place] ?? 0) + size;
      }),
    ),
  );
  let most = 0;
  for await (const some of inCausalOrder(open)) {
    for (const { server, seq } of some ?? []) taken.set(server, seq);
    for (const [place, { header }] of files.entries()) {
      most = Math.max(most, (read[place] ?? 0) - (taken.get(header.server ?? "") ?? 0));
    }
  }
  // A piece that is being taken, and one that stands ready in the reader.
  expect(most).toBeLessThanOrEqual(3 * size);
  expect(Math.max(...taken.values())).toBeGreaterThan(10 * size);
});

test("an execution that is checked as it is read gets what it gets when it is read as a whole", async () => {
  await write(join(folder, "0"), filesOf(base, "valid"));
  for (let seed = 1; seed <= 30; seed++) {
    await write(join(folder, String(seed)), filesOf(mutate(base, seed), `mutation ${seed}`));
  }
  // Who acts first has heard of nobody: the others' files may be missing.
  const [first] = base.events;
  const alone = filesOf(base, "alone").filter(({ header }) => header.server === first?.server);
  await write(
    join(folder, "alone"),
    alone.map((file) => ({ ...file, events: file.events.slice(0, 1) })),
  );
  await write(join(folder, "missing"), filesOf(base, "missing").slice(1));
  const words = await readWords(packageFolder());
  const options = { words, countRules: true };
  const whole = await checkPaths([folder], { ...options, engine: createCompiledEngine() });
  const inOneGo = await checkPaths([folder], { ...options, engine: createFileEngine(1) });
  const sorted = (result: typeof whole) => ({
    ...result,
    eventsPerSecond: 0,
    malformed: [...result.malformed].map(({ message }) => message).sort(),
    notes: [...result.notes].sort(),
  });
  expect(sorted(inOneGo)).toEqual(sorted(whole));
  expect(whole.valid).toBeGreaterThan(5);
  expect(whole.invalid).toBeGreaterThan(5);
  expect(whole.notes.length).toBeGreaterThan(0);
});

test("what is not valid is left to who reads it as a whole", async () => {
  const valid = await write(join(folder, "again"), filesOf(base, "again"));
  expect(await checkExecution(valid, null)).toMatchObject({
    kind: "valid",
    events: base.events.length,
  });
  expect(await checkExecution(valid.toReversed(), null)).toMatchObject({ kind: "valid" });
  const [first = ""] = valid;
  expect(await checkExecution([...valid, first], null)).toEqual({ kind: "whole" });
  expect(await checkExecution(valid.slice(1), null)).toEqual({ kind: "whole" });
});

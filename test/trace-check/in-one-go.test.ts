import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { traceText } from "../../src/trace/writer.ts";
import { checkPaths } from "../../trace-check/check.ts";
import { checkFile } from "../../trace-check/compiled/check-file.ts";
import {
  countIn,
  countReceipts,
  receiptsInBytes,
} from "../../trace-check/compiled/count-receipts.ts";
import { createCompiledEngine, createFileEngine } from "../../trace-check/compiled/engine.ts";
import { receiptsIn } from "../../trace-check/compiled/event-stream.ts";
import { ReceiptCounts } from "../../trace-check/compiled/receipts.ts";
import { readWords } from "../../trace-check/words.ts";
import { mutate } from "../engine/mutations.ts";
import { record } from "./record.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-in-one-go-"));
  const bases = [
    record({ seed: 21, events: 400, timeouts: 60, crashes: 15 }),
    record({ seed: 22, events: 400, timeouts: 60, crashes: 10, servers: 5 }),
  ];
  for (const [place, base] of bases.entries()) {
    const text = traceText(base.header, base.events);
    await writeFile(join(folder, `${place}-valid.ndjson`), text);
    await writeFile(join(folder, `${place}-torn.ndjson`), text.slice(0, -20));
    for (let seed = 1; seed <= 25; seed++) {
      const { header, events } = mutate(base, seed);
      await writeFile(join(folder, `${place}-${seed}.ndjson`), traceText(header, events));
    }
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("a file that is checked as it is read gets what it gets when it is read as a whole", async () => {
  const words = await readWords(packageFolder());
  const options = { words, countRules: true };
  const whole = await checkPaths([folder], { ...options, engine: createCompiledEngine() });
  const inOneGo = await checkPaths([folder], { ...options, engine: createFileEngine(1) });
  expect({ ...inOneGo, eventsPerSecond: 0 }).toEqual({ ...whole, eventsPerSecond: 0 });
  expect(whole.valid).toBeGreaterThan(5);
  expect(whole.invalid).toBeGreaterThan(10);
  expect(whole.malformed.length).toBeGreaterThan(5);
});

test("what is not valid, and not malformed either, is left to who reads it as a whole", async () => {
  expect(await checkFile(join(folder, "0-valid.ndjson"), null)).toMatchObject({ kind: "valid" });
  expect(await checkFile(join(folder, "0-torn.ndjson"), null)).toMatchObject({
    kind: "malformed",
  });
  expect(await checkFile(join(folder, "none.ndjson"), null)).toEqual({ kind: "whole" });
});

test("receipts are counted in the bytes as in the events, however they are written", () => {
  const { header, events } = record({ seed: 23, events: 300, timeouts: 60, servers: 5 });
  const counts = new ReceiptCounts(1000);
  countIn(traceText(header, events), counts);
  const expected = receiptsIn(events);
  const sent = events.flatMap((event: TraceEvent) =>
    (event.sent ?? []).map((_, k) => [event.server, event.seq, k + 1] as const),
  );
  expect(sent.map((each) => counts.of(...each))).toEqual(sent.map((each) => expected.of(...each)));
  expect(sent.some((each) => counts.of(...each) > 0)).toBe(true);

  const odd = new ReceiptCounts(1000);
  countIn(
    '{"note":"\\"received\\":\\"a:1:1\\"","command":"received" , "received" :\t"a:2:1"}',
    odd,
  );
  countIn('{"received":"\\u0061:2:1","received":"a:9999:1","x":"received"}', odd);
  expect([odd.of("a", 1, 1), odd.of("a", 2, 1), odd.of("a", 9999, 1)]).toEqual([0, 2, 0]);
});

test("receipts are counted alike in a file that is read in pieces, and in its bytes", async () => {
  const { header, events } = record({ seed: 24, events: 2500, timeouts: 60, servers: 5 });
  const file = join(folder, "long.txt");
  const text = traceText(header, events);
  expect(text.length).toBeGreaterThan(5 * 64 * 1024);
  await writeFile(file, text);
  const expected = receiptsIn(events);
  const inFile = await countReceipts([file]);
  const inBytes = receiptsInBytes(Buffer.from(text.trimEnd()));
  for (const { server, seq, sent } of events) {
    for (let k = 1; k <= (sent?.length ?? 0); k++) {
      const counts = [inFile, inBytes].map((each) => each.of(server, seq, k));
      expect(counts).toEqual([expected.of(server, seq, k), expected.of(server, seq, k)]);
    }
  }
});

test("more receipts than a byte counts, and more messages than a word, are not forgotten early", () => {
  const counts = new ReceiptCounts(10);
  for (let i = 0; i < 300; i++) counts.add("a:1:1");
  for (let i = 0; i < 3; i++) counts.add("a:1:6");
  counts.add("a:1:4");
  expect([1, 2, 4, 6].map((k) => counts.of("a", 1, k))).toEqual([255, 0, 1, 3]);
});

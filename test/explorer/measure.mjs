// Measures the explorer's page in Chromium: its start, a trace of 10,000 events, and scrubbing
// through it. It is run by hand, since a time is no test: node test/explorer/measure.mjs
// What `openTrace` and `scrub` do is done in the page.
/// <reference lib="dom" />
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../..");
const EVENTS = 10_000;
const FRAMES = 300;

const page = join(ROOT, "dist/src/explorer/page.html");
const folder = mkdtempSync(join(tmpdir(), "lockstep-measure-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  console.log(`page                ${(readFileSync(page).length / 1024).toFixed(0)} KiB`);
  console.log(`start               ${await startMs()} ms to the first paint of its content`);
  for (const [servers, thinkTime] of [
    [3, 300],
    [5, 10],
  ]) {
    const file = join(folder, `trace-${servers}.ndjson`);
    const longest = await writeTrace(file, servers ?? 3, thinkTime ?? 10);
    const { openMs, openCpuMs, frameMs, frameCpuMs } = await walkThrough(file);
    console.log(`${EVENTS} events of ${servers} servers, logs up to ${longest}`);
    console.log(`  open              ${openMs.toFixed(0)} ms (${openCpuMs.toFixed(0)} of CPU)`);
    console.log(
      `  scrub             ${frameMs.toFixed(1)} ms a frame (${frameCpuMs.toFixed(1)} of CPU, ` +
        `so up to ${(1000 / frameCpuMs).toFixed(0)} frames a second)`,
    );
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function startMs() {
  const tab = await browser.newPage();
  await tab.goto(pathToFileURL(page).href);
  // The entry may come after the page has loaded.
  const paint = await tab.waitForFunction(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  );
  const milliseconds = await paint.jsonValue();
  await tab.close();
  return (milliseconds ?? Number.NaN).toFixed(0);
}

/** @param {string} file */
async function walkThrough(file) {
  const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await tab.goto(pathToFileURL(page).href);
  // Of the page's own thread: the processor's time, whatever else the machine does.
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const cpuMs = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
  const begin = await cpuMs();
  const openMs = await tab.evaluate(openTrace, readFileSync(file, "utf8"));
  const opened = await cpuMs();
  const scrubMs = await tab.evaluate(scrub, [EVENTS, FRAMES]);
  const scrubbed = await cpuMs();
  await tab.close();
  return {
    openMs,
    openCpuMs: opened - begin,
    frameMs: scrubMs / FRAMES,
    frameCpuMs: (scrubbed - opened) / FRAMES,
  };
}

/** @param {string} trace */
async function openTrace(trace) {
  const input = document.querySelector("input[type=file]");
  if (!(input instanceof HTMLInputElement)) throw new Error("there is no place for a file");
  const transfer = new DataTransfer();
  transfer.items.add(new File([trace], "trace.ndjson"));
  const begin = performance.now();
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  const isThere = () => document.querySelector(".banner")?.textContent?.includes("step");
  while (!isThere()) await new Promise((settle) => requestAnimationFrame(settle));
  await new Promise((settle) => requestAnimationFrame(settle));
  return performance.now() - begin;
}

/** @param {readonly number[]} sizes */
async function scrub([events = 0, frames = 1]) {
  const slider = document.querySelector("input[type=range]");
  if (!(slider instanceof HTMLInputElement)) throw new Error("there is no slider");
  const from = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    slider.value = String(Math.floor((frame / frames) * events));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((settle) => requestAnimationFrame(settle));
  }
  return performance.now() - from;
}

/**
 * @param {string} file
 * @param {number} servers
 * @param {number} thinkTime
 */
async function writeTrace(file, servers, thinkTime) {
  const { SeededRun } = await import(join(ROOT, "dist/src/sim/seeded-run.js"));
  const { calmDials } = await import(join(ROOT, "dist/src/sim/dials.js"));
  const { executionHeader } = await import(join(ROOT, "dist/src/sim/execution-header.js"));
  const { traceText } = await import(join(ROOT, "dist/src/trace/writer.js"));
  /** @type {import("../../src/trace/format.ts").TraceEvent[]} */
  const events = [];
  const faults = { delaySpread: 10, lossRate: 50, duplicateRate: 50, detourRate: 50 };
  const worse = { partitionEvery: 300, partitionLength: 100, crashEvery: 500, downtime: 100 };
  const dials = { ...calmDials, ...faults, ...worse, servers, thinkTime, steps: 1_000_000 };
  const run = new SeededRun({
    dials,
    seed: 1,
    trace: (/** @type {import("../../src/trace/format.ts").TraceEvent} */ event) =>
      events.push(event),
  });
  while (events.length < EVENTS && run.step()) {
    // The run records its events.
  }
  const header = executionHeader(dials, { seed: 1, forgotten: null });
  writeFileSync(file, traceText(header, events.slice(0, EVENTS)));
  return Math.max(
    ...events.map(({ changed }) => (changed?.log ? changed.log[0] - 1 + changed.log[1].length : 0)),
  );
}

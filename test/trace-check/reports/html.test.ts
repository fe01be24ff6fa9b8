import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFolder } from "../../../src/setup/environment.ts";
import type { TraceEvent } from "../../../src/trace/format.ts";
import type { Timeline } from "../../../trace-check/exports/timeline.ts";
import { timelineSvg } from "../../../trace-check/exports/timeline-svg.ts";
import { STYLE } from "../../../trace-check/report-html-style.ts";
import {
  accessibilityFaults,
  CHROMIUM,
  faultsOf,
  launchChromium,
  WITHOUT_CHROMIUM,
} from "../../browser.ts";
import { check, divergingTrace, valid, write } from "./run-check.ts";

let folder = "";
let failing = "";
let passing = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-html-"));
  const traces = join(folder, "traces");
  const trace = await divergingTrace();
  await write(join(traces, "bad.ndjson"), trace, { replay: "echo <b>'bold'</b> & \"more\"" });
  await write(join(traces, "worse.ndjson"), trace);
  await write(join(traces, "good.ndjson"), valid);
  await writeFile(join(traces, "malformed.ndjson"), "<script>alert(1)</script>\n");
  failing = join(folder, "failing.html");
  passing = join(folder, "passing.html");
  await check(
    "--coverage",
    "--minimise",
    "--out",
    join(folder, "minimal"),
    "--report",
    `html=${failing}`,
    traces,
  );
  await check("--report", `html=${passing}`, join(traces, "good.ndjson"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("lockstep check --report html=FILE", () => {
  test("needs nothing else: no script, no address, nothing to load", async () => {
    const html = await readFile(failing, "utf8");
    expect(html).not.toMatch(/<script|<link|<img|@import|url\((?!#)/);
    expect(html.match(/https?:\/\/[^"<\s]*/g) ?? []).toEqual([]);
    expect(html).not.toContain("<b>");
  });

  test("says at its head what came of the check, and of no steps where none was checked", async () => {
    const malformed = join(folder, "malformed.html");
    const mixed = join(folder, "mixed.html");
    const bad = join(folder, "traces", "malformed.ndjson");
    await check("--report", `html=${malformed}`, bad);
    await check("--report", `html=${mixed}`, bad, join(folder, "traces", "good.ndjson"));
    const heads = [failing, passing, malformed, mixed].map(async (file) => {
      const [, head] = /<h1>.*<\/span> (.*)<\/h1>/.exec(await readFile(file, "utf8")) ?? [];
      return head;
    });
    expect(await Promise.all(heads)).toEqual([
      "Not every step is a step of Raft",
      "Every step is a step of Raft",
      "No trace could be checked",
      "Not every trace could be checked",
    ]);
    expect(await readFile(malformed, "utf8")).not.toContain("What the traces tried");
  });

  test("says what comes nearest where no one rule explains all", async () => {
    const example = await readFile(join(packageFolder(), "spec/examples/election.ndjson"), "utf8");
    const lines = example.split("\n");
    const vote = JSON.parse(lines[4] ?? "");
    vote.sent[0].voteGranted = true;
    vote.changed = { votedFor: "s1", role: "Follower" };
    lines[4] = JSON.stringify(vote);
    const trace = join(folder, "several.ndjson");
    const report = join(folder, "several.html");
    await writeFile(trace, lines.join("\n"));
    await check("--report", `html=${report}`, trace);
    expect(await readFile(report, "utf8")).toContain(
      "This looks like VoteIsFree forgotten, in part: ",
    );
  });

  test("escapes what comes of the traces", async () => {
    const html = await readFile(failing, "utf8");
    expect(html).toContain("echo &lt;b&gt;&#39;bold&#39;&lt;/b&gt; &amp; &quot;more&quot;");
  });
});

describe.skipIf(CHROMIUM === null)(`the HTML report in a browser${WITHOUT_CHROMIUM}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(file: string, options: Parameters<Browser["newPage"]>[0] = {}) {
    const page = await browser.newPage(options);
    const faults = faultsOf(page);
    await page.goto(pathToFileURL(file).href);
    return { page, faults };
  }

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
  ] as const)("is accessible and silent, %s, %i wide", async (colorScheme, width) => {
    for (const file of [failing, passing]) {
      const { page, faults } = await open(file, { colorScheme, viewport: { width, height: 800 } });
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(faults).toEqual([]);
      expect(await isWiderThanItsWindow(page)).toBe(false);
      await page.close();
    }
  });

  test("tells a screen reader what the picture shows", async () => {
    const { page } = await open(failing);
    const pictures = await page.getByRole("img", { name: /^How .* came about/ }).count();
    expect(pictures).toBe(2);
    expect(
      await page.getByRole("heading", { level: 2, name: /granted .* its vote in term/ }).count(),
    ).toBe(2);
    await page.close();
  });

  test("fits on paper", async () => {
    const { page, faults } = await open(failing, { viewport: { width: 794, height: 1123 } });
    await page.emulateMedia({ media: "print" });
    expect(await isWiderThanItsWindow(page)).toBe(false);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(faults).toEqual([]);
    await page.close();
  });

  test("shows all that is said of the diverging event, with five servers, without scrolling", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const said =
      "s2 acknowledged index 16 to s1's entries 13 to 16 of term 18, and cut its log before index 17, and sent more than WWWWWWWWWW";
    const svg = timelineSvg(pictured(said), "id", "A picture");
    await page.setContent(`<style>${STYLE}</style><main><div class="picture">${svg}</div></main>`);
    const picture = page.locator(".picture");
    expect(await picture.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
    expect(await picture.locator(".wrong-label").textContent()).toBe(said);
    const isInside = await picture.locator("text").evaluateAll((all) =>
      all.map((each) => {
        const [label, edge] = [each, each.closest("svg") as Element].map((one) =>
          one.getBoundingClientRect(),
        );
        if (label === undefined || edge === undefined) return false;
        return label.right <= edge.right && label.bottom <= edge.bottom;
      }),
    );
    expect(isInside).not.toContain(false);
    await page.close();
  });

  /** Two events of five servers, of which the same is said. */
  function pictured(text: string): Timeline {
    const event: TraceEvent = { server: "s2", seq: 1, action: "Timeout" };
    const dot = { column: 1, event, text, place: 0, term: 1, role: "Follower" };
    const dots = [0, 1].map((row) => ({ ...dot, row }));
    return { servers: ["s1", "s2", "s3", "s4", "s5"], dots, arrows: [] };
  }

  /** What a reader would have to scroll sideways for, or what paper would cut off. */
  async function isWiderThanItsWindow(page: Page): Promise<boolean> {
    return await page
      .locator("html")
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
  }
});

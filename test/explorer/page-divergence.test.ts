import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { CHROMIUM, WITHOUT_CHROMIUM } from "../browser.ts";
import { shownPage } from "./shown-page.ts";

const SPEC = resolve(import.meta.dirname, "../../spec");

describe.skipIf(CHROMIUM === null)(
  `a divergence on the page in Chromium${WITHOUT_CHROMIUM}`,
  () => {
    const chromium = shownPage();
    let page: Page;

    test("where the code makes no step, it says so and why, and claims nothing of its variables", async () => {
      page = await chromium.open();
      const input = page.locator("input[type=file]").first();
      await input.setInputFiles(join(SPEC, "counterexamples", "ForgetTakesCommands.ndjson"));
      await page.getByText("Here the spec and the code part").waitFor();
      const changes = page.locator(".changes");
      expect(await changes.innerText()).toMatch(/The code made no step: .*leader/);
      expect(await changes.innerText()).not.toContain("✗");
    });

    test("a diverging trace opens at its divergence, and a valid one at its beginning", async () => {
      page = await chromium.open();
      const valid = join(SPEC, "examples", "election.ndjson");
      const wrong = join(chromium.folder, "wrong.ndjson");
      const text = readFileSync(valid, "utf8");
      writeFileSync(wrong, text.replace('"voteGranted":true', '"voteGranted":false'));
      const input = page.locator("input[type=file]");
      await input.setInputFiles(wrong);
      await page.getByText("Here the spec and the code part").waitFor();
      expect(await page.locator(".divergence").innerText()).toContain("sent");
      expect(await page.locator(".why-not .reason").first().innerText()).toBe(
        "sent: The RequestVoteResponse to s1 has voteGranted true by the spec, false in the trace.",
      );
      expect(await page.locator(".place").innerText()).toMatch(/step (\d+) of \1/);
      await input.setInputFiles(valid);
      await page.locator(".banner").getByText("every one a step of the spec").waitFor();
      await input.setInputFiles(join(SPEC, "rules.json"));
      await page
        .locator(".banner.note")
        .getByText(/rules\.json:1/)
        .waitFor();
    });

    test("with a rule forgotten by the code alone, the two part before one’s eyes", async () => {
      page = await chromium.open("#n=3&s=c-VoteIsFree.T1.T2");
      await page.getByRole("button", { name: "s2 HandleRequestVoteRequest from s1" }).click();
      await page.getByText("Here the spec and the code part").waitFor();
      expect(await page.locator(".divergence").innerText()).toContain("VoteIsFree ✗ false");
    });

    test("a divergence is told as the text report tells it, before its tables, and red is what speaks against it", async () => {
      for (const viewport of [
        { width: 1300, height: 900 },
        { width: 390, height: 844 },
      ]) {
        page = await chromium.open("", viewport);
        const file = join(SPEC, "counterexamples", "ForgetEntriesAgree.ndjson");
        await page.locator("input[type=file]").first().setInputFiles(file);
        await page.getByText("Here the spec and the code part").waitFor();
        const told = page.locator(".why-not");
        expect(await told.locator("dt").allInnerTexts()).toEqual([
          "why not",
          "instead",
          "looks like",
        ]);
        const [where, table] = await Promise.all(
          [told, page.locator(".divergence table")].map((each) => each.boundingBox()),
        );
        expect((where?.y ?? 0) + (where?.height ?? 0)).toBeLessThanOrEqual(table?.y ?? 0);
        const fact = await told.locator(".fact").first().boundingBox();
        const rule = await told.locator(".reason").first().boundingBox();
        expect(fact?.x).toBeGreaterThan(rule?.x ?? 0);
        const said = page.locator(".divergence .said");
        expect((await said.allInnerTexts()).join()).toContain("TermIsStale → false");
        expect(await said.locator(".against").allInnerTexts()).toEqual(["✗ true"]);
        expect(await page.locator(".rules-asked .true, .rules-asked .false").count()).toBe(0);
        const differs = await page.locator(".logs .differs").boundingBox();
        const logs = await page.locator(".logs").boundingBox();
        expect((differs?.x ?? 0) + (differs?.width ?? 0)).toBeLessThanOrEqual(
          (logs?.x ?? 0) + (logs?.width ?? 0),
        );
        if (viewport.width > 390) await page.close();
      }
    });

    test("a vote for nobody is nobody’s, as in the text report", async () => {
      page = await chromium.open();
      const wrong = join(chromium.folder, "nobody.ndjson");
      const text = readFileSync(join(SPEC, "examples", "election.ndjson"), "utf8");
      const changed = text.replace(
        /("action":"HandleRequestVoteRequest".*)"votedFor":"s\d",?/,
        "$1",
      );
      writeFileSync(wrong, changed.replace(/,}/, "}"));
      await page.locator("input[type=file]").setInputFiles(wrong);
      await page.getByText("Here the spec and the code part").waitFor();
      const row = page.locator(".divergence tr", {
        has: page.getByText("votedFor", { exact: true }),
      });
      expect(await row.innerText()).toMatch(/nobody/);
    });
  },
);

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { accessibilityFaults, CHROMIUM, WITHOUT_CHROMIUM } from "../browser.ts";
import { shownPage } from "./shown-page.ts";

/** Where the text of an element ends, before the elements in it. */
function endOfItsWords(element: Element): number {
  const range = document.createRange();
  range.selectNode(element.firstChild as Node);
  return range.getBoundingClientRect().right;
}

/** Where a number of a list stands, which no rectangle tells: at the top of a word in its place. */
function topOfItsNumber(item: HTMLElement | SVGElement): number {
  const word = document.createElement("span");
  word.textContent = "1";
  item.style.whiteSpace = "nowrap";
  item.prepend(word);
  const { top } = word.getBoundingClientRect();
  word.remove();
  return top;
}

describe.skipIf(CHROMIUM === null)(`the layout of the page in Chromium${WITHOUT_CHROMIUM}`, () => {
  const chromium = shownPage();
  let page: Page;

  test.each([
    ["figure-8", 7, 1440, 900],
    ["figure-8-forgotten", 7, 1440, 900],
    ["figure-8-forgotten", 4, 1440, 900],
    ["figure-8-forgotten", 7, 390, 844],
  ])("%s, page %i, shows its logs at %i x %i", async (id, at, width, height) => {
    page = await chromium.open(`#lesson=${id}&page=${at}`, { width, height });
    const logs = await page.locator(".logs tbody tr").last().boundingBox();
    const time = await page.locator(width > 640 ? ".time" : ".controls").boundingBox();
    if (logs === null || time === null) throw new Error("they are not there");
    expect(logs.y + logs.height).toBeLessThanOrEqual(time.y);
  });

  test.each([
    ["election", 3, 1366, 768],
    ["figure-8", 5, 1366, 768],
    ["figure-8-forgotten", 7, 1280, 720],
  ])("%s, page %i, covers none of its logs at %i x %i", async (id, at, width, height) => {
    page = await chromium.open(`#lesson=${id}&page=${at}`, { width, height });
    const logs = await page.locator(".logs tbody tr").last().boundingBox();
    const next = await page.getByText("What the drawing means").boundingBox();
    if (logs === null || next === null) throw new Error("they are not there");
    expect(logs.y + logs.height).toBeLessThanOrEqual(next.y);
  });

  test.each([
    [3, 1280, 800],
    [5, 1440, 900],
    [5, 1024, 700],
    [7, 1280, 720],
    [5, 390, 844],
  ])(
    "the list of lessons beside %i servers covers nothing at %i x %i",
    async (n, width, height) => {
      page = await chromium.open(`#n=${n}`, { width, height });
      await page.keyboard.press("l");
      const list = page.getByRole("region", { name: "Lessons" });
      const logs = await page.locator(".logs tbody tr").last().boundingBox();
      const next = await page.getByText("What the drawing means").boundingBox();
      const close = await list.getByRole("button", { name: "close" }).boundingBox();
      if (logs === null || next === null || close === null) throw new Error("they are not there");
      expect(logs.y + logs.height).toBeLessThanOrEqual(next.y);
      // The heading's words, and a word where the number of a lesson stands beside its title.
      const heading = await list.getByRole("heading").evaluate(endOfItsWords);
      expect(close.x - heading).toBeGreaterThan(5);
      for (const item of await list.getByRole("listitem").all()) {
        const title = await item.locator("b").boundingBox();
        expect(Math.abs((await item.evaluate(topOfItsNumber)) - (title?.y ?? 0))).toBeLessThan(5);
      }
    },
  );

  test.each([
    ["the beginning", ""],
    ["a lesson", "#lesson=figure-8-forgotten&page=7"],
    ["the rules", "#n=3&s=f-VoteIsFree.T1.T2"],
  ])("axe finds nothing wrong with %s, light or dark, wide or narrow", async (_what, hash) => {
    for (const [scheme, width] of [
      ["light", 1440],
      ["dark", 1440],
      ["light", 390],
    ] as const) {
      page = await chromium.open(hash, { width, height: 850 });
      await page.emulateMedia({ colorScheme: scheme });
      if (hash.includes("n=3")) await page.keyboard.press("3");
      expect(await accessibilityFaults(page), `${scheme} ${width}`).toEqual([]);
      expect(chromium.faults).toEqual([]);
      if (width !== 390) await page.close();
    }
  });
});

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPage } from "../../src/cli/exploring/page.ts";
import { servePage } from "../../src/cli/exploring/serve.ts";
import { CHROMIUM, faultsOf, launchChromium, WITHOUT_CHROMIUM } from "../browser.ts";

describe.skipIf(CHROMIUM === null)(`the page in Chromium${WITHOUT_CHROMIUM}`, () => {
  let browser: Browser;
  let page: Page;
  let served: Awaited<ReturnType<typeof servePage>>;
  let faults: readonly string[];

  beforeAll(async () => {
    browser = await launchChromium();
    served = await servePage(await readPage(null), 0);
    page = await browser.newPage();
    faults = faultsOf(page);
    await page.goto(served.url);
  });

  afterAll(async () => {
    await browser.close();
    served.close();
  });

  test("a step that is picked is taken by the spec and the code alike", async () => {
    await page.getByRole("button", { name: "s1 Timeout" }).click();
    await page.getByText("The spec and the code came to the same state").waitFor();
    expect(await page.getByRole("row", { name: /^s1 / }).innerText()).toContain("Candidate");
    expect(faults).toEqual([]);
  });
});

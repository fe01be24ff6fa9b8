/** The explorer's page in Chromium, for the tests of one file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { emptyPage } from "../../src/cli/exploring/page.ts";
import { servePage } from "../../src/cli/exploring/serve.ts";
import { faultsOf, launchChromium } from "../browser.ts";

export interface ShownPage {
  /** A folder for what a test writes; it is removed at the end. */
  readonly folder: string;
  /** What has gone wrong in the page that was opened last; after each test, nothing may have. */
  readonly faults: readonly string[];
  /** Opens what a link's hash says. */
  open(hash?: string, viewport?: { width: number; height: number }): Promise<Page>;
  /** Opens an address, and tells of what it asks for. */
  openAt(url: string, onRequest?: (url: string) => void): Promise<Page>;
}

const WIDE = { width: 1440, height: 900 };

/** Serves the page while the tests of the surrounding `describe` run. */
export function shownPage(): ShownPage {
  let folder = "";
  let browser: Browser;
  let served: Awaited<ReturnType<typeof servePage>>;
  let page: Page;
  let faults: readonly string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-page-"));
    browser = await launchChromium();
    served = await servePage(await emptyPage(), 0);
  });
  afterEach(async () => {
    expect(faults).toEqual([]);
    await page.close();
  });
  afterAll(async () => {
    await browser.close();
    served.close();
    rmSync(folder, { recursive: true });
  });

  const show = async (
    url: string,
    viewport: { width: number; height: number },
    onRequest: (url: string) => void = () => undefined,
  ): Promise<Page> => {
    page = await browser.newPage({ viewport });
    page.setDefaultTimeout(100_000);
    faults = faultsOf(page);
    page.on("request", (request) => onRequest(request.url()));
    await page.goto(url);
    await page.locator(".app").waitFor();
    return page;
  };
  return {
    get folder() {
      return folder;
    },
    get faults() {
      return faults;
    },
    open: (hash = "", viewport = WIDE) => show(`${served.url}${hash}`, viewport),
    openAt: (url, onRequest) => show(url, WIDE, onRequest),
  };
}

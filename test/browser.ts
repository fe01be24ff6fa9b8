/** The system's Chromium, where there is one, for the tests of pages. */
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { findProgram } from "../src/setup/environment.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;

/** The path of a Chromium: CHROMIUM names one, else the PATH is searched; null where none is. */
export const CHROMIUM: string | null =
  process.env.CHROMIUM ?? NAMES.map((name) => findProgram(name)).find(Boolean) ?? null;

/** Why a test of a page was left out, for its name. */
export const WITHOUT_CHROMIUM =
  CHROMIUM === null ? " (left out: no Chromium on the PATH, and CHROMIUM names none)" : "";

export async function launchChromium(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error("there is no Chromium");
  // In a container there are no user namespaces, and the pages are our own.
  return await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** Collects what the page says on its console, throws, or cannot load. */
export function faultsOf(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => faults.push(`not loaded: ${request.url()}`));
  return faults;
}

/** What axe finds wrong with the page's accessibility, a line each. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  return await page.evaluate(async () => {
    const axe: unknown = Reflect.get(globalThis, "axe");
    const isAxe = typeof axe === "object" && axe !== null && "run" in axe;
    if (!isAxe || typeof axe.run !== "function") throw new Error("axe is not there");
    const { violations } = await axe.run();
    return violations.map(
      (violation: { id: string; help: string; nodes: readonly { html: string }[] }) =>
        `${violation.id}: ${violation.help}: ${violation.nodes[0]?.html}`,
    );
  });
}

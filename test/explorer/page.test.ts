import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { emptyPage } from "../../src/cli/exploring/page.ts";
import { LESSONS } from "../../src/explorer/lessons/index.ts";
import { CHROMIUM, WITHOUT_CHROMIUM } from "../browser.ts";
import { shownPage } from "./shown-page.ts";

const SPEC = resolve(import.meta.dirname, "../../spec");

/** The properties whose lamps are red. */
async function fallen(page: Page): Promise<readonly string[]> {
  const lamps = page.locator(".lamp.fallen");
  const names = await lamps.evaluateAll((all) =>
    all.map((each: { getAttribute(name: string): string | null }) =>
      each.getAttribute("data-property"),
    ),
  );
  return names.map(String).sort();
}

describe.skipIf(CHROMIUM === null)(`the page in Chromium${WITHOUT_CHROMIUM}`, () => {
  const chromium = shownPage();
  let page: Page;

  test("a step that is picked is taken by the spec and the code alike", async () => {
    page = await chromium.open();
    await page.getByRole("button", { name: "s1 Timeout" }).click();
    await page.getByText("The spec and the code came to the same state").waitFor();
    expect(await page.getByRole("row", { name: /^s1 / }).innerText()).toContain("Candidate");
    await page.getByText("What cannot happen, and why").click();
    const why = page.getByRole("listitem").filter({ hasText: "s1 BecomeLeader" });
    expect(await why.innerText()).toContain("IsMajority(votesGranted[s]) is false: 2 > 3");
  });

  test.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))(
    "the lesson %s goes to its end with the lamps as its text says",
    async (id, lesson) => {
      page = await chromium.open(`#lesson=${id}`);
      let expected: readonly string[] = [];
      for (const [i, { text, fallen: red, question }] of lesson.pages.entries()) {
        expected = red ?? expected;
        await page.locator(".prose").getByText(text).waitFor();
        expect(await fallen(page), `page ${i + 1}`).toEqual([...expected].sort());
        if (question !== undefined) {
          const right = question.answers.find(({ isRight }) => isRight);
          await page.getByRole("button", { name: right?.text ?? "", exact: true }).click();
          await page.getByText(right?.because ?? "").waitFor();
        }
        if (i + 1 < lesson.pages.length) await page.getByRole("button", { name: "go on" }).click();
      }
    },
  );

  test("Figure 8 turns red only with its rule forgotten, and says for what", async () => {
    const last = (id: string) => LESSONS.find((lesson) => lesson.id === id)?.pages.length;
    page = await chromium.open(`#lesson=figure-8&page=${last("figure-8")}`);
    expect(await fallen(page)).toEqual([]);
    const forgotten = `#lesson=figure-8-forgotten&page=${last("figure-8-forgotten")}`;
    await page.goto(new URL(forgotten, page.url()).href);
    await page.getByText("Figure 8, without the rule").first().waitFor();
    expect(await fallen(page)).toContain("StateMachineSafety");
    await page.getByRole("button", { name: /Leader Completeness/ }).click();
    await page.getByText("It is false for").waitFor();
    expect(await page.locator(".witness").innerText()).toContain("s = s5");
  });

  test("a link gives back the same state", async () => {
    page = await chromium.open();
    for (let i = 0; i < 4; i++) await page.keyboard.press("r");
    await page.getByText("step 40 of 40").waitFor();
    const shown = await page.locator(".logs").innerText();
    await page.getByLabel("Share or export").selectOption("link");
    await page.locator(".banner").getByText(/link/).waitFor();
    const link = page.url();
    await page.close();
    page = await chromium.openAt(link);
    await page.getByText("step 40 of 40").waitFor();
    expect(await page.locator(".logs").innerText()).toBe(shown);
    // And chance goes on as it would have.
    await page.keyboard.press("r");
    await page.getByText("step 50 of 50").waitFor();
  });

  test("a search finds harm, and says how far it has come", async () => {
    page = await chromium.open();
    await page.getByRole("button", { name: "Rules", exact: true }).click();
    await page.getByRole("checkbox", { name: "EntryIsOfThisTerm" }).check();
    await page.getByRole("button", { name: "Find trouble from here" }).click();
    await page.getByRole("progressbar", { name: "Search" }).waitFor();
    await page.getByText(/ha(s|ve) fallen, \d+ steps on/).waitFor();
    const red = await fallen(page);
    expect(red.filter((name) => name !== "OnlyOwnTermIsCounted")).not.toEqual([]);
    expect(await page.locator(".forgotten-note").innerText()).toContain("EntryIsOfThisTerm");
  });

  test("a search that is stopped says so; none is offered where nothing is lost", async () => {
    page = await chromium.open();
    await page.getByRole("button", { name: "Rules", exact: true }).click();
    await page.getByRole("checkbox", { name: "ResponseIsOfThisTerm" }).check();
    await page.getByRole("button", { name: "Find trouble from here" }).click();
    await page.getByRole("button", { name: "Stop the search" }).click();
    await page.getByText(/The search was stopped after .* TLC has gone deeper/).waitFor();
    await page.getByRole("radio", { name: /The code alone/ }).check();
    await page.getByText("There is nothing to search for where the code alone").waitFor();
    await page.getByRole("checkbox", { name: "MatchIndexAfter" }).check();
    await page.getByText("there is no trouble to find").waitFor();
    expect(await page.getByRole("button", { name: "Find trouble from here" }).count()).toBe(0);
  });

  test.each(["IsAcknowledgement", "VoteIsGranted"])(
    "TLC’s counterexample without %s plays by itself until the lamp is red",
    async (rule) => {
      page = await chromium.open();
      await page.getByRole("button", { name: "Rules", exact: true }).click();
      await page.getByRole("checkbox", { name: rule }).check();
      await page.getByRole("button", { name: /counterexample/ }).click();
      expect(await page.locator(".forgotten-note").innerText()).toContain(rule);
      await page.getByRole("button", { name: "Pause" }).waitFor();
      const lost = rule === "VoteIsGranted" ? "ElectionSafety" : "CommittedOnMajority";
      await page.locator(`.lamp.fallen[data-property="${lost}"]`).waitFor();
      await page.getByRole("button", { name: "Play", exact: true }).waitFor();
      expect(await page.locator(".place").innerText()).toMatch(/step (\d+) of \1/);
      expect(await page.locator(".forgotten-note").innerText()).toContain(rule);
    },
  );

  test("where a rule is forgotten, the step says what is done without it", async () => {
    page = await chromium.open("#lesson=figure-8-forgotten&page=3");
    await page.getByText("Not here: EntryIsOfThisTerm is forgotten").waitFor();
    await page.getByText("Forgotten: An entry of an earlier term is committed").waitFor();
  });

  test("the files of the servers of one execution open as one, and strangers do not", async () => {
    page = await chromium.open();
    const parts = join(SPEC, "examples", "a-file-a-server");
    const files = readdirSync(parts).map((name) => join(parts, name));
    const input = page.locator("input[type=file]");
    await input.setInputFiles(files);
    await page.locator(".banner").getByText("every one a step of the spec").waitFor();
    const examples = ["election.ndjson", "replication.ndjson"];
    await input.setInputFiles(examples.map((name) => join(SPEC, "examples", name)));
    await page.locator(".banner.note").getByText("One trace at a time").waitFor();
    const buffer = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);
    await input.setInputFiles({ name: "photo.png", mimeType: "image/png", buffer });
    await page.locator(".banner.note").getByText("photo.png:1: the line is not UTF-8").waitFor();
    const marked = Buffer.from(`\ufeff${readFileSync(join(SPEC, "examples", "election.ndjson"))}`);
    await input.setInputFiles({ name: "marked.ndjson", mimeType: "text/plain", buffer: marked });
    await page.locator(".banner.note").getByText("marked.ndjson:1: the file begins with").waitFor();
  });

  test("a moment is saved as a picture that a browser draws, and as a trace that opens", async () => {
    page = await chromium.open("#lesson=figure-8-forgotten&page=7");
    const saved = async (what: string, name: string): Promise<string> => {
      const download = page.waitForEvent("download");
      await page.getByLabel("Share or export").selectOption(what);
      const file = join(chromium.folder, name);
      await (await download).saveAs(file);
      return file;
    };
    const rows = () => page.locator(".logs tbody tr").allInnerTexts();
    const shown = await rows();
    const picture = await saved("svg", "figure-8.svg");
    const trace = await saved("trace", "figure-8.ndjson");
    await page.locator("input[type=file]").setInputFiles(trace);
    await page.locator(".banner").getByText("figure-8.ndjson").waitFor();
    await page.close();
    page = await chromium.open();
    await page.goto(`file://${picture}`);
    const size = await page.locator("svg").boundingBox();
    expect(size?.width).toBeGreaterThan(600);
    const cells = page.locator("svg text", { hasText: /^1 x$/ });
    expect(await cells.first().isVisible()).toBe(true);
    expect(shown.length).toBe(5);
  });

  test("the keyboard goes on in a lesson that was chosen by it", async () => {
    page = await chromium.open();
    await page.keyboard.press("l");
    await page.getByRole("button", { name: /^A split vote/ }).focus();
    await page.keyboard.press("Enter");
    const focused = page.locator(":focus");
    expect(await focused.innerText()).toBe("A split vote");
    await page.keyboard.press("Tab");
    expect(await focused.innerText()).toBe("leave the lesson");
  });

  test("faults: a message lost, a server down, a partition drawn by a line", async () => {
    page = await chromium.open("#n=3&s=T1");
    await page.locator('[data-message="s1:1:1"]').click();
    await page.getByRole("button", { name: "Lose it" }).click();
    await page.getByText("This is no action of the specification").waitFor();
    await page.locator('[data-server="s3"]').click();
    await page.getByRole("button", { name: "Crash s3" }).click();
    const box = await page.locator(".stage").boundingBox();
    if (box === null) throw new Error("there is no stage");
    await page.mouse.move(box.x + 20, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 20, box.y + box.height * 0.5, { steps: 5 });
    await page.mouse.up();
    await page.getByText(/Parted: .*s1/).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("button", { name: "s2 Timeout" }).click();
    await page.getByText(/the future left at/).click();
    await page.getByText("step 2 of 4").waitFor();
  });

  test("is one file under 2 MB that asks for nothing", async () => {
    const text = await emptyPage();
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
    const file = join(chromium.folder, "page.html");
    writeFileSync(file, text);
    const asked: string[] = [];
    page = await chromium.openAt(`file://${file}`, (url) => asked.push(url));
    await page.keyboard.press("r");
    await page.getByText("step 10 of 10").waitFor();
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${file}`]);
  });
});

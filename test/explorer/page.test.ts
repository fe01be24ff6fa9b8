import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { emptyPage } from "../../src/cli/exploring/page.ts";
import { servePage } from "../../src/cli/exploring/serve.ts";
import { LESSONS } from "../../src/explorer/lessons/index.ts";
import {
  accessibilityFaults,
  CHROMIUM,
  faultsOf,
  launchChromium,
  WITHOUT_CHROMIUM,
} from "../browser.ts";

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

describe.skipIf(CHROMIUM === null)(`the page in Chromium${WITHOUT_CHROMIUM}`, () => {
  let browser: Browser;
  let page: Page;
  let served: Awaited<ReturnType<typeof servePage>>;
  let faults: readonly string[] = [];
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-page-"));
    browser = await launchChromium();
    served = await servePage(await emptyPage(), 0);
  });

  afterAll(async () => {
    await browser.close();
    served.close();
    rmSync(folder, { recursive: true });
  });

  async function open(hash = "", viewport = { width: 1440, height: 900 }): Promise<void> {
    page = await browser.newPage({ viewport });
    page.setDefaultTimeout(100_000);
    faults = faultsOf(page);
    await page.goto(`${served.url}${hash}`);
    await page.locator(".app").waitFor();
  }

  afterEach(async () => {
    expect(faults).toEqual([]);
    await page.close();
  });

  test("a step that is picked is taken by the spec and the code alike", async () => {
    await open();
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
      await open(`#lesson=${id}`);
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
    await open(`#lesson=figure-8&page=${last("figure-8")}`);
    expect(await fallen(page)).toEqual([]);
    await page.goto(`${served.url}#lesson=figure-8-forgotten&page=${last("figure-8-forgotten")}`);
    await page.getByText("Figure 8, without the rule").first().waitFor();
    expect(await fallen(page)).toContain("StateMachineSafety");
    await page.getByRole("button", { name: /Leader Completeness/ }).click();
    await page.getByText("It is false for").waitFor();
    expect(await page.locator(".witness").innerText()).toContain("s = s5");
  });

  test("a link gives back the same state", async () => {
    await open();
    for (let i = 0; i < 4; i++) await page.keyboard.press("r");
    await page.getByText("step 40 of 40").waitFor();
    const shown = await page.locator(".logs").innerText();
    await page.getByLabel("Share or export").selectOption("link");
    await page.locator(".banner").getByText(/link/).waitFor();
    const link = page.url();
    await page.close();
    page = await browser.newPage();
    faults = faultsOf(page);
    await page.goto(link);
    await page.getByText("step 40 of 40").waitFor();
    expect(await page.locator(".logs").innerText()).toBe(shown);
    // And chance goes on as it would have.
    await page.keyboard.press("r");
    await page.getByText("step 50 of 50").waitFor();
  });

  test("where the code makes no step, it says so and why, and claims nothing of its variables", async () => {
    await open();
    const input = page.locator("input[type=file]").first();
    await input.setInputFiles(join(SPEC, "counterexamples", "ForgetTakesCommands.ndjson"));
    await page.getByText("Here the spec and the code part").waitFor();
    const changes = page.locator(".changes");
    expect(await changes.innerText()).toMatch(/The code made no step: .*leader/);
    expect(await changes.innerText()).not.toContain("✗");
  });

  test("a diverging trace opens at its divergence, and a valid one at its beginning", async () => {
    await open();
    const valid = join(SPEC, "examples", "election.ndjson");
    const wrong = join(folder, "wrong.ndjson");
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
    await open("#n=3&s=c-VoteIsFree.T1.T2");
    await page.getByRole("button", { name: "s2 HandleRequestVoteRequest from s1" }).click();
    await page.getByText("Here the spec and the code part").waitFor();
    expect(await page.locator(".divergence").innerText()).toContain("VoteIsFree ✗ false");
  });

  test("a divergence is told as the text report tells it, before its tables, and red is what speaks against it", async () => {
    for (const viewport of [
      { width: 1300, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await open("", viewport);
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
    await open();
    const wrong = join(folder, "nobody.ndjson");
    const text = readFileSync(join(SPEC, "examples", "election.ndjson"), "utf8");
    const changed = text.replace(/("action":"HandleRequestVoteRequest".*)"votedFor":"s\d",?/, "$1");
    writeFileSync(wrong, changed.replace(/,}/, "}"));
    await page.locator("input[type=file]").setInputFiles(wrong);
    await page.getByText("Here the spec and the code part").waitFor();
    const row = page.locator(".divergence tr", {
      has: page.getByText("votedFor", { exact: true }),
    });
    expect(await row.innerText()).toMatch(/nobody/);
  });

  test("a search finds harm, and says how far it has come", async () => {
    await open();
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
    await open();
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
      await open();
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
    await open("#lesson=figure-8-forgotten&page=3");
    await page.getByText("Not here: EntryIsOfThisTerm is forgotten").waitFor();
    await page.getByText("Forgotten: An entry of an earlier term is committed").waitFor();
  });

  test("the files of the servers of one execution open as one, and strangers do not", async () => {
    await open();
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
    await open("#lesson=figure-8-forgotten&page=7");
    const saved = async (what: string, name: string): Promise<string> => {
      const download = page.waitForEvent("download");
      await page.getByLabel("Share or export").selectOption(what);
      const file = join(folder, name);
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
    await open();
    await page.goto(`file://${picture}`);
    const size = await page.locator("svg").boundingBox();
    expect(size?.width).toBeGreaterThan(600);
    const cells = page.locator("svg text", { hasText: /^1 x$/ });
    expect(await cells.first().isVisible()).toBe(true);
    expect(shown.length).toBe(5);
  });

  test("the keyboard goes on in a lesson that was chosen by it", async () => {
    await open();
    await page.keyboard.press("l");
    await page.getByRole("button", { name: /^A split vote/ }).focus();
    await page.keyboard.press("Enter");
    const focused = page.locator(":focus");
    expect(await focused.innerText()).toBe("A split vote");
    await page.keyboard.press("Tab");
    expect(await focused.innerText()).toBe("leave the lesson");
  });

  test.each([
    ["figure-8", 7, 1440, 900],
    ["figure-8-forgotten", 7, 1440, 900],
    ["figure-8-forgotten", 4, 1440, 900],
    ["figure-8-forgotten", 7, 390, 844],
  ])("%s, page %i, shows its logs at %i x %i", async (id, at, width, height) => {
    await open(`#lesson=${id}&page=${at}`, { width, height });
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
    await open(`#lesson=${id}&page=${at}`, { width, height });
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
      await open(`#n=${n}`, { width, height });
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

  test("faults: a message lost, a server down, a partition drawn by a line", async () => {
    await open("#n=3&s=T1");
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
      await open(hash, { width, height: 850 });
      await page.emulateMedia({ colorScheme: scheme });
      if (hash.includes("n=3")) await page.keyboard.press("3");
      expect(await accessibilityFaults(page), `${scheme} ${width}`).toEqual([]);
      expect(faults).toEqual([]);
      if (width !== 390) await page.close();
    }
  });

  test("is one file under 2 MB that asks for nothing", async () => {
    const text = await emptyPage();
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
    const file = join(folder, "page.html");
    writeFileSync(file, text);
    page = await browser.newPage();
    faults = faultsOf(page);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`file://${file}`);
    await page.locator(".app").waitFor();
    await page.keyboard.press("r");
    await page.getByText("step 10 of 10").waitFor();
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${file}`]);
  });
});

/** `lockstep check --resume`: an interrupted check goes on, and says what a whole one says. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandError } from "../../src/cli/command.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { check, valid, write } from "../trace-check/reports/run-check.ts";

const FILES = 450;

let folder = "";
let traces = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-resume-"));
  traces = join(folder, "traces");
  const short: TraceToCheck = { ...valid, events: valid.events.slice(0, 4) };
  const place = valid.events.findIndex(({ action }) => action === "Apply");
  const event = valid.events[place];
  if (event === undefined) throw new Error("nothing is applied");
  const wrong = {
    ...valid,
    events: valid.events.slice(0, place + 1).with(place, { ...event, index: 9 }),
  };
  for (let number = 0; number < FILES; number++) {
    const name = `${String(number).padStart(4, "0")}.ndjson`;
    await write(join(traces, name), number % 150 === 7 ? wrong : short);
  }
  for (const server of valid.header.servers) {
    const events = valid.events.filter((each) => each.server === server);
    await write(
      join(traces, `execution-${server}.ndjson`),
      { ...valid, events },
      { server, execution: "e" },
    );
  }
  await writeFile(join(traces, "0100.ndjson"), "no trace\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The JSON report without what differs from run to run, and how far it was at first. */
async function report(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await check("--json", "--coverage", ...args, traces);
  const { eventsPerSecond: _, ...result } = JSON.parse(stdout);
  return { result, exitCode, first: stderr.split("\n")[0] };
}

describe("lockstep check --resume", () => {
  test("says what a check without it says, also after an interruption, and repeats nothing", async () => {
    const journal = join(folder, "check.journal");
    const whole = await report();
    expect(whole.exitCode).toBe(1);
    expect(whole.result.invalid).toBe(3);

    const begun = await report("--resume", journal);
    expect(begun.result).toEqual(whole.result);
    expect(begun.first).toBe(`checked 0 of ${FILES + 3} files`);

    // A kill in the middle of the last line.
    const lines = (await readFile(journal, "utf8")).split("\n");
    expect(lines.length).toBe(1 + 3 + 1);
    await writeFile(journal, [...lines.slice(0, 2), lines[2]?.slice(0, 40)].join("\n"));
    const resumed = await report("--resume", journal);
    expect(resumed.result).toEqual(whole.result);
    expect(resumed.exitCode).toBe(1);
    expect(resumed.first).toBe(`checked 200 of ${FILES + 3} files`);

    const again = await report("--resume", journal);
    expect(again.result).toEqual(whole.result);
    expect(again.first).toBe(`checked ${FILES + 3} of ${FILES + 3} files`);
  });

  test("judges anew what has changed, with the part that it was in", async () => {
    const journal = join(folder, "changed.journal");
    const before = await report("--resume", journal);
    await write(join(traces, "0007.ndjson"), { ...valid, events: valid.events.slice(0, 4) });
    const after = await report("--resume", journal);
    expect(after.first).toBe(`checked ${FILES + 3 - 200} of ${FILES + 3} files`);
    expect(after.result.invalid).toBe(before.result.invalid - 1);
    expect(after.result).toEqual((await report()).result);
  });

  test("judges anew an execution of which another file has come", async () => {
    const journal = join(folder, "late.journal");
    const [first, ...others] = valid.header.servers;
    const files = [first, ...others].map((server) => join(traces, `execution-${server}.ndjson`));
    const few = await check("--resume", journal, ...files.slice(0, -1));
    expect(few.exitCode).not.toBe(0);
    expect((await check("--resume", journal, ...files)).exitCode).toBe(0);
    // What was judged of it before counts no more, and what is judged now is remembered.
    const again = await check("--json", "--resume", journal, ...files);
    expect(again.exitCode).toBe(0);
    expect(again.stderr.split("\n")[0]).toBe(`checked ${files.length} of ${files.length} files`);
    expect(JSON.parse(again.stdout).traces).toBe(1);
  });

  test("counts once what two checks at the same time have judged", async () => {
    const journal = join(folder, "twice.journal");
    const once = await report("--resume", journal);
    const [header, ...parts] = (await readFile(journal, "utf8")).trimEnd().split("\n");
    await writeFile(journal, `${[header, ...parts, ...parts].join("\n")}\n`);
    expect((await report("--resume", journal)).result).toEqual(once.result);
  });

  test("draws in the HTML report what was found before", async () => {
    const journal = join(folder, "html.journal");
    const page = join(folder, "report.html");
    await report("--resume", journal);
    await report("--resume", journal, "--report", `html=${page}`);
    expect(
      (await readFile(page, "utf8")).match(
        /<svg viewBox="0 0 \d+ \d+" width="\d+" height="\d+" role="img"/g,
      ),
    ).toHaveLength(2);
  });

  test("takes no results of another judge, and no other file", async () => {
    const journal = join(folder, "other.journal");
    await report("--resume", journal);
    const error = await check("--resume", journal, traces).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("of another kind"),
    });
    const readme = join(folder, "readme");
    await writeFile(readme, "hello\n");
    await expect(check("--resume", readme, traces)).rejects.toThrow(
      `${readme}:1: this is no journal`,
    );
    await expect(check("--resume", "/dev/null/x", traces)).rejects.toThrow("cannot be written");
  });
});

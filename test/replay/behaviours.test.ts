/**
 * Behaviours that TLC generates go through the core without a difference, and a planted
 * difference is found. LOCKSTEP_BEHAVIOURS says how many.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommandIo } from "../../src/cli/command.ts";
import { replayCommand } from "../../src/cli/replay.ts";
import { findChecker, TLC_MILLISECONDS } from "../spec/checker.ts";
import { generateBehaviours } from "./tlc-behaviours.ts";

const WANTED = Number(process.env.LOCKSTEP_BEHAVIOURS ?? 250);
/** So many at a time, so that the disk holds no more. */
const BATCH = 1000;

const checker = await findChecker();
let scratch = "";

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "lockstep-behaviours-"));
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Told {
  readonly behaviours: number;
  readonly steps: number;
  readonly invalid: number;
  readonly coverage: Readonly<Record<string, number>>;
  readonly divergences: readonly {
    readonly behaviour: number;
    readonly step: number;
    readonly line: number;
    readonly action: string;
    readonly kind: string;
    readonly differences: readonly { readonly name: string }[];
  }[];
  readonly malformed: readonly { readonly message: string }[];
}

async function replay(...args: string[]): Promise<{ exitCode: number; told: Told }> {
  let stdout = "";
  const io: CommandIo = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: () => undefined,
    env: {},
    color: false,
  };
  const exitCode = await replayCommand.run(["--json", ...args], io);
  return { exitCode, told: JSON.parse(stdout) };
}

describe.skipIf(typeof checker === "string")("what TLC generates", () => {
  test(
    "goes through the core without a difference, every action in it",
    async () => {
      if (typeof checker === "string") return;
      const taken = new Map<string, number>();
      let [behaviours, steps] = [0, 0];
      for (let seed = 1; behaviours < WANTED; seed++) {
        const next = Math.min(BATCH, WANTED - behaviours);
        const folder = await generateBehaviours(checker, scratch, { behaviours: next, seed });
        const { exitCode, told } = await replay(folder);
        expect(told.divergences).toEqual([]);
        expect({ exitCode, behaviours: told.behaviours }).toEqual({
          exitCode: 0,
          behaviours: next,
        });
        behaviours += next;
        steps += told.steps;
        for (const [action, count] of Object.entries(told.coverage)) {
          taken.set(action, (taken.get(action) ?? 0) + count);
        }
        if (seed > 1) rmSync(folder, { recursive: true });
      }
      console.info(`${behaviours} behaviours, ${steps} steps, ${JSON.stringify([...taken])}`);
      expect([...taken].filter(([, count]) => count === 0)).toEqual([]);
    },
    TLC_MILLISECONDS * 4,
  );

  test.each(["VoteIsFree", "EntriesAgree", "RecoveredLog", "NextIndexChoices", "MayApply"])(
    "tells a core without %s from the spec",
    async (rule) => {
      const { exitCode, told } = await replay("--forget", rule, join(scratch, "seed-1"));
      const isCaught = rule !== "MayApply";
      // A core that may apply more than the spec goes along where the spec applies less.
      expect({ exitCode, isCaught: told.invalid > 0 }).toEqual({
        exitCode: isCaught ? 1 : 0,
        isCaught,
      });
    },
  );

  test("is found at the line that was altered", async () => {
    const folder = join(scratch, "seed-1");
    const { line, text } = firstOf(folder, /^\/\\ role = .*"Candidate"/);
    const altered = text.split("\n");
    altered[line - 1] = (altered[line - 1] ?? "").replace('"Candidate"', '"Leader"');
    const file = join(scratch, "altered");
    writeFileSync(file, altered.join("\n"));
    const { exitCode, told } = await replay(file);
    expect(exitCode).toBe(1);
    const [divergence] = told.divergences;
    expect(divergence).toMatchObject({ behaviour: 1, kind: "mismatch" });
    expect(divergence?.differences.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^role\[s\d\]$/),
    ]);
    const state = text
      .split("\n")
      .slice(0, line)
      .findLastIndex((it) => it.startsWith("STATE_"));
    expect(divergence?.line).toBe(state + 1);
  });

  test("is refused where it is cut off", async () => {
    const { text } = firstOf(join(scratch, "seed-1"), /^STATE_3/);
    const file = join(scratch, "cut");
    writeFileSync(file, text.slice(0, text.lastIndexOf("STATE_")));
    const { exitCode, told } = await replay(file);
    expect(exitCode).toBe(2);
    expect(told.malformed[0]?.message).toContain("the behaviour is cut off");
  });
});

test.skipIf(typeof checker !== "string")("the behaviours are replayed", ({ skip }) => {
  skip(`TLC generates no behaviours: ${typeof checker === "string" ? checker : ""}`);
});

/** The first file, and line of it from 1, that has such a line. */
function firstOf(folder: string, pattern: RegExp): { line: number; text: string } {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), "utf8");
    const line = text.split("\n").findIndex((it) => pattern.test(it)) + 1;
    if (line > 0) return { line, text };
  }
  throw new Error(`no line is ${pattern}`);
}

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseConfiguration } from "../../src/compiler/configuration.ts";
import { generate } from "../../src/compiler/generate.ts";
import { readSpec } from "../../src/compiler/read.ts";
import { exportXml } from "../../src/compiler/sany.ts";
import { EvaluationError, RefusedError } from "../../src/engine/errors.ts";
import { loadSpec } from "../../src/engine/load.ts";
import { show } from "../../src/engine/show.ts";
import { locateJava } from "../../src/setup/java.ts";
import { locateTlc } from "../../src/setup/tlc.ts";
import { randomExpressions } from "./random-expressions.ts";

/** LOCKSTEP_EXPRESSIONS=10000 takes all; of those without a value TLC is asked one by one. */
const COUNT = Number(process.env.LOCKSTEP_EXPRESSIONS ?? 400);
const ERRORS = Math.ceil(COUNT / 100);
const BATCH = 500;

const EXTENDS = "EXTENDS Integers, Sequences, FiniteSets, TLC";

/** Expressions that are easily taken otherwise than TLC takes them, or that it refuses. */
const ODD: readonly string[] = [
  'SubSeq("abc", 2, 3)',
  'SubSeq("abc", 3, 2)',
  'Head("abc") \\o Tail("abc") \\o Append("a", "b")',
  '<<"c">> \\o "ab"',
  'SelectSeq("abc", LAMBDA c : c # "b")',
  "SortSeq(<<3, 1, 2>>, LAMBDA a, b : a < b)",
  "SortSeq(<<<<3, 1>>, <<1, 2>>, <<3, 0>>, <<1, 1>>>>, LAMBDA a, b : a[1] <= b[1])",
  'PrintT("x")',
  'Print("x", 3)',
  "LET f[n \\in 0 .. 3] == IF n = 0 THEN 1 ELSE n * f[n - 1] IN f",
  "LET f[n \\in 0 .. 3] == n IN {f, [n \\in 0 .. 3 |-> n]}",
  "LET f[n \\in 1 .. 3] == n IN f \\in [1 .. 3 -> Nat] /\\ f \\in Seq(Nat) /\\ f = <<1, 2, 3>>",
  "<<>> = [a |-> 1]",
  "<<1>> = (0 :> 1)",
  '("a" :> 1) \\in [a : {1}]',
  "<<1, 2, 3>> \\in (1 .. 2) \\X (1 .. 2)",
  // Each of these is an error of evaluation.
  "[a |-> 1] \\in (1 .. 2) \\X (1 .. 2)",
  "<<1, 2>> \\in [a : {1}]",
  "(0 :> 1) \\in Seq({1})",
  "Nat = {1}",
  "[a |-> 1] = <<1, 2>>",
  "\\E <<x, y>> \\in {<<1, 2, 3>>} : x = 1",
];

type Outcome =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "error" }
  | { readonly kind: "refused" };

function moduleOf(name: string, lines: readonly string[]): string {
  return [`---- MODULE ${name} ----`, EXTENDS, ...lines, "====", ""].join("\n");
}

async function evaluate(
  folder: string,
  expressions: readonly string[],
): Promise<readonly Outcome[]> {
  const file = join(folder, "Expressions.tla");
  const lines = expressions.map((text, i) => `E${i} == ${text}`);
  await writeFile(file, moduleOf("Expressions", lines));
  const { java } = await locateJava();
  const xml = await exportXml({ java, jar: await locateTlc(), file, libraries: [] });
  const values = expressions.map((_, i) => `E${i}`);
  const text = generate({ spec: readSpec(xml), configuration: parseConfiguration(""), values });
  const { operators } = loadSpec(text, new Map());
  return values.map((name): Outcome => {
    try {
      const evaluated = operators[name]?.();
      return { kind: "value", text: show(evaluated as Parameters<typeof show>[0]) };
    } catch (error) {
      if (error instanceof EvaluationError) return { kind: "error" };
      if (error instanceof RefusedError) return { kind: "refused" };
      throw error;
    }
  });
}

/**
 * Which sets of consecutive numbers TLC prints as `1..3`, and which by their elements, depends on
 * how it came by them; the same set either way.
 */
function withoutIntervals(text: string): string {
  return text.replace(/(-?\d+)\.\.(-?\d+)/g, (_, low: string, high: string) => {
    const elements = Array.from(
      { length: Number(high) - Number(low) + 1 },
      (_, i) => Number(low) + i,
    );
    return `{${elements.join(", ")}}`;
  });
}

/** What TLC prints of `TLCEval` of expressions, evaluated as an assumption each. */
async function runTlc(folder: string, lines: readonly string[]): Promise<string> {
  await writeFile(join(folder, "Batch.tla"), moduleOf("Batch", lines));
  await writeFile(join(folder, "Batch.cfg"), "");
  const { java } = await locateJava();
  // TLC names its folder by the second: two runs in one second would want the same.
  const states = await mkdtemp(join(folder, "states-"));
  const args = [
    ...["-Xss64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    ...[`-Djava.io.tmpdir=${folder}`, "-cp", await locateTlc()],
  ];
  return new Promise((resolve) => {
    execFile(
      java,
      [...args, "tlc2.TLC", "-metadir", states, "Batch"],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout) => resolve(stdout),
    );
  });
}

test("random expressions have TLC's values, print as TLC prints them, and fail where TLC fails", {
  timeout: 1_800_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-expressions-"));
  const disagreements: unknown[] = [];
  const counts = { value: 0, error: 0, refused: 0 };
  try {
    for (let start = 0; start < COUNT; start += BATCH) {
      const random = randomExpressions(start + 1, Math.min(BATCH, COUNT - start));
      const expressions = start === 0 ? [...ODD, ...random] : random;
      const outcomes = await evaluate(folder, expressions);
      for (const { kind } of outcomes) counts[kind]++;
      const asked = expressions.map((text, i) =>
        outcomes[i]?.kind === "value"
          ? `ASSUME PrintT(<<${i}, ToString(${text}), (${text}) = (${outcomes[i].text})>>)`
          : "",
      );
      const printed = await runTlc(folder, asked);
      const said = new Map(
        // TLC breaks a line that gets long, and leaves the string whole.
        [...printed.matchAll(/^<<\s?(\d+),\s+"(.*)",\s+(TRUE|FALSE)\s?>>$/gm)].map((match) => [
          Number(match[1]),
          { text: match[2]?.replaceAll("\\", "") ?? "", isEqual: match[3] === "TRUE" },
        ]),
      );
      if (!printed.includes("Finished in")) throw new Error(`TLC did not finish:\n${printed}`);
      outcomes.forEach((outcome, i) => {
        if (outcome.kind !== "value") return;
        const tlc = said.get(i);
        // TLC orders strings as it met them: sets of those may be printed in another order.
        const isSame =
          tlc?.isEqual &&
          (outcome.text.includes('"') ||
            withoutIntervals(tlc.text) === withoutIntervals(outcome.text));
        if (!isSame) disagreements.push({ expression: expressions[i], outcome, tlc });
      });
      const failing = expressions.filter((_, i) => outcomes[i]?.kind === "error");
      const odd = failing.filter((text) => ODD.includes(text)).length;
      for (const text of failing.slice(0, odd + Math.ceil((ERRORS * BATCH) / COUNT))) {
        const tlc = await runTlc(folder, [`ASSUME PrintT(ToString(${text}))`]);
        if (!tlc.includes("Error:"))
          disagreements.push({ expression: text, outcome: "error", tlc });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  expect(disagreements).toEqual([]);
  expect(counts.value).toBeGreaterThan(COUNT * 0.7);
  expect(counts.error).toBeGreaterThan(5);
});

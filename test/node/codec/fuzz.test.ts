import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import * as ourCodec from "../../../src/node/codec/index.ts";
import { type Codec, faultOfCase, sampleBodies } from "./fuzz.ts";

/** All 100,000: LOCKSTEP_FUZZ_FRAMES=100000 npx vitest run test/node */
const CASES = Number(process.env.LOCKSTEP_FUZZ_FRAMES ?? 5000);

const ROOT = resolve(import.meta.dirname, "../../..");
const BODIES = sampleBodies(500, 1);

/** The first case that goes wrong, and how; null where none does. */
function firstFault(codec: Codec, cases: number): string | null {
  for (let seed = 1; seed <= cases; seed++) {
    try {
      const fault = faultOfCase(codec, BODIES, seed);
      if (fault !== null) return `case ${seed}: ${fault}`;
    } catch (error) {
      return `case ${seed}: ${error}`;
    }
  }
  return null;
}

describe(`of ${CASES} damaged streams and bodies`, () => {
  test("none crashes the codec, hangs it, or is taken for what nobody sent", () => {
    expect(firstFault(ourCodec, CASES)).toBeNull();
  });
});

describe("a fault in a copy of the codec is found", () => {
  const folders: string[] = [];

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  async function copyWith(file: string, text: string, replacement: string): Promise<Codec> {
    mkdirSync(join(ROOT, ".lockstep"), { recursive: true });
    const folder = mkdtempSync(join(ROOT, ".lockstep", "codec-"));
    folders.push(folder);
    cpSync(join(ROOT, "src/node/codec"), folder, { recursive: true });
    const source = readFileSync(join(folder, file), "utf8");
    expect(source, "the text to replace is there once").toSatisfy(
      (whole: string) => whole.split(text).length === 2,
    );
    writeFileSync(join(folder, file), source.replace(text, replacement));
    return await import(join(folder, "index.ts"));
  }

  test("and a copy without a fault is not accused", async () => {
    const same = "this.#end = kept;";
    expect(firstFault(await copyWith("frame.ts", same, same), 500)).toBeNull();
  });

  test.each([
    ["the checksum is not looked at", "frame.ts", "if (checksum(body) !== ", "if (NaN === "],
    [
      "a frame may be as long as it likes",
      "frame.ts",
      "if (length > this.maxFrameBytes)",
      "if (false)",
    ],
    ["what was kept of a frame is lost", "frame.ts", "this.#end = kept;", "this.#end = 0;"],
    ["bytes after a message are passed over", "message.ts", "  reader.end();\n", ""],
    ["a text may be cut off", "bytes.ts", "if (length > this.remaining)", "if (false)"],
    ["a text may be no UTF-8", "bytes.ts", 'if (text.includes("\\ufffd") &&', "if (false &&"],
    ["an integer may be longer than it need be", "bytes.ts", "byte === 0 && count > 0", "false"],
    ["a boolean may be anything", "bytes.ts", "if (value > 1)", "if (false)"],
    [
      "an error is another than a DecodeError",
      "bytes.ts",
      'throw new DecodeError("it ends too early");\n    this',
      "return (undefined as never).x;\n    this",
    ],
  ])("%s", async (_, file, text, replacement) => {
    expect(firstFault(await copyWith(file, text, replacement), 20_000)).not.toBeNull();
  });
});

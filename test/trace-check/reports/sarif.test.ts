import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check, divergingTrace, valid, write } from "./run-check.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-sarif-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * The schema of SARIF 2.1.0 as Microsoft's matchers for it bring it along. It is of draft 4 of JSON
 * Schema, and uses nothing that draft 7 takes otherwise but the name of its id.
 */
function officialSchema(): Record<string, unknown> {
  const path = createRequire(import.meta.url).resolve(
    "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
  );
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain('"exclusiveM');
  const { $schema: _, id: __, ...schema } = JSON.parse(text);
  return schema;
}

/** One of its patterns is none where regular expressions are of Unicode. */
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  unicodeRegExp: false,
  formats: { uri: /^[a-z][a-z0-9+.-]*:/i, "uri-reference": /^\S*$/, "date-time": true },
});
const isSarif = ajv.compile<Log>(officialSchema());

function sarif(text: string): Log {
  const log: unknown = JSON.parse(text);
  if (!isSarif(log)) throw new Error(ajv.errorsText(isSarif.errors));
  return log;
}

describe("lockstep check --format sarif", () => {
  test("is of the official schema, and names file, line, rule and what led there", async () => {
    const within = join(folder, "a b", "ä&%");
    const file = await write(join(within, "bad.ndjson"), await divergingTrace());
    await write(join(within, "good.ndjson"), valid);
    await writeFile(join(within, "malformed.ndjson"), "{}\n");
    const { stdout } = await check("--format", "sarif", within);
    const [run] = sarif(stdout).runs;
    expect(run?.tool.driver).toMatchObject({ name: "lockstep check" });

    const [divergence, fault] = run?.results ?? [];
    expect(divergence).toMatchObject({ ruleId: "mismatch", level: "error" });
    const place = divergence?.locations?.[0]?.physicalLocation;
    const uri = place?.artifactLocation?.uri ?? "";
    expect(decodeURIComponent(new URL(uri).pathname)).toBe(file);
    expect(place?.region?.startLine).toBeGreaterThan(1);
    const steps = divergence?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(steps.length).toBeGreaterThan(1);
    expect(divergence?.message.text).toContain("LogIsUpToDate");
    expect(fault).toMatchObject({ ruleId: "malformed" });
  });

  test("is of the official schema where all is well", async () => {
    const file = await write(join(folder, "good.ndjson"), valid);
    const { stdout } = await check("--format", "sarif", file);
    expect(sarif(stdout).runs[0]?.results).toEqual([]);
  });

  test("the schema refuses what is no SARIF", () => {
    expect(isSarif({ version: "2.1.0", runs: [{ results: [{}] }] })).toBe(false);
  });
});

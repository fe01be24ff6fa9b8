import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REPORT_VERSION } from "../../../trace-check/report.ts";
import { check, divergingTrace, valid, write } from "./run-check.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../spec/report.schema.json", import.meta.url), "utf8"),
);
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  allErrors: true,
});
const isReport = ajv.compile(schema);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-json-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function report(text: string) {
  const parsed = JSON.parse(text);
  expect(isReport(parsed), ajv.errorsText(isReport.errors)).toBe(true);
  return parsed;
}

/** The fields of an object that its schema does not tell of. */
function undocumented(value: unknown, described: Record<string, unknown>): readonly string[] {
  return Object.keys(Object(value)).filter((field) => !(field in described));
}

describe("lockstep check --json", () => {
  test("is of its schema, which tells of every field", async () => {
    const within = join(folder, "all");
    const trace = await divergingTrace();
    await write(join(within, "bad.ndjson"), trace, { replay: "make it again" });
    await write(join(within, "good.ndjson"), valid);
    const received = trace.events.findIndex((event) => event.received !== undefined);
    const event = trace.events[received];
    if (event === undefined) throw new Error("nothing is received");
    const unsent = { ...event, received: `${event.received}0` };
    await write(join(within, "unsent.ndjson"), {
      ...trace,
      events: trace.events.with(received, unsent),
    });
    await writeFile(join(within, "malformed.ndjson"), "{}\n");
    const out = join(folder, "minimal");
    const { stdout } = await check("--json", "--coverage", "--minimise", "--out", out, within);
    const parsed = report(stdout);
    expect(parsed).toMatchObject({ report: REPORT_VERSION, traces: 3, invalid: 2 });
    expect(parsed.divergences.map(({ kind }: { kind: string }) => kind)).toEqual([
      "mismatch",
      "notSent",
    ]);
    expect(undocumented(parsed, schema.properties)).toEqual([]);
    const { divergence } = schema.$defs;
    for (const each of parsed.divergences) {
      expect(undocumented(each, divergence.properties)).toEqual([]);
      expect(undocumented(each.state, divergence.properties.state.properties)).toEqual([]);
    }
  });

  test("is of its schema where there is nothing to tell, and where there is no trace", async () => {
    const file = await write(join(folder, "good.ndjson"), valid);
    expect(report((await check("--json", file)).stdout)).toMatchObject({ divergences: [] });
    expect(report((await check("--json", join(folder, "nowhere"))).stdout)).toMatchObject({
      traces: 0,
      coverageGaps: [],
    });
  });

  test("the schema refuses what is no report", () => {
    expect(isReport({ report: 2 })).toBe(false);
    expect(isReport({})).toBe(false);
  });
});

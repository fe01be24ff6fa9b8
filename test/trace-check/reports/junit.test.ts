import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check, divergingTrace, valid, write } from "./run-check.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-junit-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** The document as a tree. Throws where it is not well-formed. */
function parseXml(text: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (piece) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  });
  parser.on("closetag", () => open.pop());
  parser.write(text).close();
  const [document] = root.children;
  if (document === undefined) throw new Error("there is no element");
  return document;
}

function namesOfPassed(document: string): readonly (string | undefined)[] {
  const cases = parseXml(document).children.flatMap((suite) => suite.children);
  return cases
    .filter(({ children }) => children.length === 0)
    .map(({ attributes }) => attributes.name);
}

describe("lockstep check --format junit", () => {
  test("is a document of suites, cases and failures, whose counts are right", async () => {
    const within = join(folder, `a & b <"c">`);
    const diverging = await write(join(within, "bad.ndjson"), await divergingTrace());
    await write(join(within, "good.ndjson"), valid);
    await writeFile(join(within, "malformed.ndjson"), "\u0001 not <json> & ]]>\n");
    const { exitCode, stdout } = await check("--format", "junit", within);
    expect(exitCode).toBe(1);

    const suites = parseXml(stdout);
    expect(suites.name).toBe("testsuites");
    const [suite] = suites.children;
    const cases = suite?.children ?? [];
    expect(suite?.attributes).toMatchObject({
      name: "lockstep check",
      tests: String(cases.length),
      failures: String(cases.filter(({ children }) => children.length > 0).length),
    });
    for (const each of cases) {
      expect(each.name).toBe("testcase");
      expect(each.attributes.name).not.toBe("");
      expect(each.attributes.classname).not.toBe("");
      for (const child of each.children) expect(child.name).toBe("failure");
    }
    const failed = cases.find(({ attributes }) => attributes.name?.startsWith(diverging));
    expect(failed?.children[0]?.text).toContain("LogIsUpToDate");
    expect(cases.some(({ attributes }) => attributes.name?.includes("malformed.ndjson"))).toBe(
      true,
    );
    expect(namesOfPassed(stdout)).toEqual(["1 valid trace"]);
  });

  test("has no case that passes where nothing was valid", async () => {
    const alone = join(folder, "alone");
    const diverging = await write(join(alone, "bad.ndjson"), await divergingTrace());
    expect(namesOfPassed((await check("--format", "junit", diverging)).stdout)).toEqual([]);
    const malformed = join(alone, "malformed.ndjson");
    await writeFile(malformed, "{}\n");
    expect(namesOfPassed((await check("--format", "junit", malformed)).stdout)).toEqual([]);
  });
});

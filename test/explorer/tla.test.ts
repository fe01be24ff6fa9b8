import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { definitionsOf } from "../../src/explorer/model/sources.ts";
import { parseDefinition } from "../../src/explorer/tla/parse.ts";

const SPEC = resolve(import.meta.dirname, "../../spec");

function textsOf(module: string): string[] {
  const text = readFileSync(join(SPEC, `${module}.tla`), "utf8");
  return [...definitionsOf(module, text).values()].map((each) => each.text);
}

test.each(["Raft", "Network", "RaftProperties", "ForgottenRules"])("reads all of %s", (module) => {
  const faults = textsOf(module).flatMap((text) => {
    if (/\[\]\[|^Spec ==/.test(text)) return [];
    try {
      parseDefinition(text);
      return [];
    } catch (error) {
      return [`${text.split("\n")[0]}: ${error}`];
    }
  });
  expect(faults).toEqual([]);
});

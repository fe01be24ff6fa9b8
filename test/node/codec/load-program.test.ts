import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROTOCOL_VERSION } from "../../../src/node/codec/index.ts";
import { ROOT } from "../../cli/program.ts";

test("the Go program that loads clusters for the benchmarks speaks this version of the protocol", () => {
  const source = readFileSync(join(ROOT, "test", "bench", "load", "lockstep.go"), "utf8");
  const [, version] = /protocolVersion\s*=\s*(\d+)/.exec(source) ?? [];
  expect(Number(version)).toBe(PROTOCOL_VERSION);
});

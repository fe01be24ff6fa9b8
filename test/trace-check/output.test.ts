import { describe, expect, test } from "vitest";
import { TlcOutput } from "../../trace-check/tlc/output.ts";
import { runProgram } from "../../trace-check/tlc/process.ts";
import { parseTlaValue } from "../../trace-check/tlc/value.ts";

describe("a value that TLC prints", () => {
  test.each([
    ["-3", -3],
    ["TRUE", true],
    ['"a << \\"b\\" }"', 'a << "b" }'],
    ["<<>>", []],
    ['<<1, <<"x">>, {}>>', [1, ["x"], []]],
    ["{1, 2}", [1, 2]],
    ['[type |-> "x", entries |-> <<[term |-> 1]>>]', { type: "x", entries: [{ term: 1 }] }],
    ["(0 :> 1 @@ 2 :> <<3>>)", { "0": 1, "2": [3] }],
  ])("%s is read", (text, value) => {
    expect(parseTlaValue(text)).toEqual(value);
  });

  test.each(["<<1", "[a 1]", "1 2", "$"])("%s is refused", (text) => {
    expect(() => parseTlaValue(text)).toThrow("TLC printed");
  });
});

describe("what TLC prints", () => {
  const read = (...lines: readonly string[]) => {
    const output = new TlcOutput();
    for (const line of lines) output.line(line);
    return output;
  };

  test("has verdicts over several lines", () => {
    const output = read(
      "Computing initial states...",
      '<< "verdict",',
      '   1, 7, "MISMATCH",',
      '   << <<"sent", {"}>>"}, {}>> >>,',
      "   <<>> >>",
      "9 states generated, 8 distinct states found, 0 states left on queue.",
    );
    expect(output.verdicts).toEqual([
      { trace: 1, position: 7, kind: "MISMATCH", findings: [["sent", ["}>>"], []]], decisions: [] },
    ]);
    expect(output.distinctStates).toBe(8);
    expect(output.errors).toEqual([]);
  });

  test("has the beginning of an error", () => {
    const output = read("Parsing", "Error: nothing", ...Array.from({ length: 50 }, () => "more"));
    expect(output.errors).toHaveLength(12);
    expect(output.errors[0]).toBe("Error: nothing");
  });

  test("has verdicts of this form only", () => {
    expect(() => read('<<"verdict", 1>>')).toThrow("another form");
  });
});

describe("a program", () => {
  const node = (script: string, timeoutMilliseconds = 20_000) => {
    const lines: string[] = [];
    const line = (text: string) => {
      if (text === "bad") throw new Error("a line that cannot be read");
      lines.push(text);
    };
    const args = ["-e", script];
    const run = runProgram({
      program: process.execPath,
      args,
      cwd: ".",
      timeoutMilliseconds,
      line,
    });
    return run.then((code) => ({ code, lines }));
  };

  test("gives its exit code and lines", async () => {
    const script = "console.log('a\\nb'); console.error('c'); process.exitCode = 7";
    const { code, lines } = await node(script);
    expect(code).toBe(7);
    expect(lines.sort()).toEqual(["a", "b", "c"]);
  });

  test("that takes too long is stopped", async () => {
    await expect(node("setInterval(() => {}, 1000)", 300)).rejects.toThrow("was stopped");
  });

  test("whose output cannot be read is stopped", async () => {
    const script = "console.log('bad'); setInterval(() => {}, 1000)";
    await expect(node(script)).rejects.toThrow("a line that cannot be read");
  });

  test("that is not there is told", async () => {
    const missing = { program: "/nonexistent/java", args: [], cwd: ".", timeoutMilliseconds: 1000 };
    await expect(runProgram({ ...missing, line: () => undefined })).rejects.toThrow(
      "/nonexistent/java cannot be started",
    );
  });
});

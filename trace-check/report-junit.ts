import { counted } from "../src/trace/counted.ts";
import type { CheckResult } from "./check.ts";
import type { Explanation } from "./explain.ts";
import { explanationText } from "./report.ts";

/**
 * The result as JUnit XML, which most continuous integration servers show: a test case for
 * every trace that diverges or is malformed, and one for all that are valid, if any are.
 */
export function junitReport(result: CheckResult): string {
  const failures = result.invalid + result.malformed.length;
  const cases = [
    ...result.divergences.map(divergenceCase),
    ...result.malformed.map((fault) => caseOf(fault.file, "malformed", fault.message)),
    ...(result.valid === 0 ? [] : [validCase(result.valid)]),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="lockstep check" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function validCase(valid: number): string {
  return `    <testcase classname="lockstep check" name="${counted(valid, "valid trace")}"/>`;
}

function divergenceCase(divergence: Explanation): string {
  const what = `${divergence.kind}: ${divergence.action} of ${divergence.server} #${divergence.seq}`;
  return caseOf(`${divergence.file}:${divergence.line}`, what, explanationText(divergence));
}

function caseOf(name: string, what: string, text: string): string {
  return [
    `    <testcase classname="lockstep check" name="${escaped(name)}">`,
    `      <failure message="${escaped(what)}">${escaped(text)}</failure>`,
    "    </testcase>",
  ].join("\n");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text for XML: markup escaped, and without the control characters that XML forbids. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "?")
      .replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
  );
}

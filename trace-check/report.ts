import type { CheckResult } from "./check.ts";
import type { Value } from "./engine.ts";
import type { EventBefore, ExplainedFinding, Explanation } from "./explain.ts";
import type { Meaning } from "./words.ts";

/** How to mark words in text: colours for a terminal, or nothing. */
export interface Style {
  bad(text: string): string;
  good(text: string): string;
  strong(text: string): string;
}

export const PLAIN: Style = { bad: (text) => text, good: (text) => text, strong: (text) => text };

const MOST_VALUE_TEXT = 400;

/** The result as text for people: every divergence explained, then a summary. */
export function textReport(result: CheckResult, style: Style = PLAIN): string {
  return [
    ...result.malformed.map((fault) => `${style.bad("malformed")}  ${fault.message}\n`),
    ...result.divergences.map((divergence) => explanationText(divergence, style)),
    ...result.notes.map((note) => `note  ${note}\n`),
    summary(result, style),
  ].join("\n");
}

/** The result as the one document of `--json`. */
export function jsonReport(result: CheckResult): string {
  return `${JSON.stringify(
    {
      engine: result.engine,
      traces: result.traces,
      events: result.events,
      valid: result.valid,
      invalid: result.invalid,
      coverage: result.coverage,
      eventsPerSecond: result.eventsPerSecond,
      divergences: result.divergences,
      malformed: result.malformed,
      notes: result.notes,
    },
    null,
    2,
  )}\n`;
}

const HEADLINES: Readonly<Record<Explanation["kind"], string>> = {
  notEnabled: "the spec does not allow this action here",
  mismatch: "the action does something else in the spec",
  violated: "the step breaks a property",
  notSent: "the message it receives was sent by nobody before",
};

/** One divergence as an engineer wants it. */
export function explanationText(divergence: Explanation, style: Style = PLAIN): string {
  const where = `${divergence.file}:${divergence.line}`;
  const what = `${divergence.server} #${divergence.seq} ${divergence.action}`;
  return [
    `${style.bad("diverges")}  ${style.strong(where)}  ${what}: ${HEADLINES[divergence.kind]}`,
    `  event     ${divergence.event}`,
    ...divergence.findings.flatMap((finding) => findingText(divergence.kind, finding)),
    ...decisionText(divergence),
    ...divergence.before.map(
      (event, place) =>
        `  ${place === 0 ? "before it" : "         "} ${placeText(event, divergence)}: ${event.text}`,
    ),
    ...(divergence.replay === null ? [] : [`  replay    ${divergence.replay}`]),
    "",
  ].join("\n");
}

/** The line, and the file where it is another one. */
function placeText(event: EventBefore, divergence: Explanation): string {
  return event.file === divergence.file ? String(event.line) : `${event.file}:${event.line}`;
}

function findingText(kind: Explanation["kind"], finding: ExplainedFinding): readonly string[] {
  const { name } = finding;
  const meaning =
    finding.meaning === undefined ? [] : [`            ${meaningText(finding.meaning)}`];
  switch (kind) {
    case "notEnabled":
      return [
        `  in the way ${name}`,
        ...meaning,
        ...(finding.expected === null ? [] : [`    needed  ${valueText(finding.expected)}`]),
        ...(finding.actual === null ? [] : [`    there   ${valueText(finding.actual)}`]),
      ];
    case "mismatch":
      return [
        `  differs   ${name}`,
        `    expected by the spec   ${valueText(finding.expected)}`,
        `    actual in the trace    ${valueText(finding.actual)}`,
      ];
    case "violated":
      return [`  broken    ${name}`, ...meaning];
    case "notSent":
      return [`  received  ${valueText(finding.actual)}`, ...meaning];
  }
}

function meaningText({ sentence, section }: Meaning): string {
  return section === "" ? sentence : `${sentence} (Raft, section ${section})`;
}

function decisionText(divergence: Explanation): readonly string[] {
  return divergence.decisions.map(
    ({ rule, holds, meaning }, place) =>
      `  ${place === 0 ? "by the spec" : "           "} ${rule} is ${holds}` +
      (meaning === undefined ? "" : `: ${meaningText(meaning)}`),
  );
}

function valueText(value: Value): string {
  const text = JSON.stringify(value);
  return text.length <= MOST_VALUE_TEXT ? text : `${text.slice(0, MOST_VALUE_TEXT - 1)}…`;
}

/** The counts, at the end. */
export function summary(result: CheckResult, style: Style = PLAIN): string {
  const rows = Object.entries(result.coverage).map(([action, count]) => [action, count] as const);
  const uncovered = rows.filter(([, count]) => count === 0).map(([action]) => action);
  const count = (number: number) => number.toLocaleString("en-US");
  const verdict =
    result.invalid > 0 || result.malformed.length > 0 || result.traces === 0
      ? style.bad("not all holds")
      : style.good("all holds");
  return [
    ...rows.map(([action, number]) => `  ${action.padEnd(28)}${count(number).padStart(10)}`),
    "",
    `${verdict}: ${count(result.traces)} traces, ${count(result.valid)} valid, ` +
      `${count(result.invalid)} invalid, ${count(result.malformed.length)} malformed; ` +
      `${count(result.events)} events, ${count(result.eventsPerSecond)} a second by ${result.engine}`,
    ...(uncovered.length === 0 || result.traces === 0
      ? []
      : [`not seen in these traces: ${uncovered.join(", ")}`]),
    "",
  ].join("\n");
}

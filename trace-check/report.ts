import type { TraceMessage } from "../src/trace/format.ts";
import type { CheckResult } from "./check.ts";
import { unseenRules } from "./coverage.ts";
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

/** Of the JSON report: spec/report.schema.json says what belongs to it. */
export const REPORT_VERSION = 1;

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
      report: REPORT_VERSION,
      engine: result.engine,
      traces: result.traces,
      events: result.events,
      valid: result.valid,
      invalid: result.invalid,
      coverage: result.coverage,
      ...(result.rules === null ? {} : { rules: result.rules }),
      eventsPerSecond: result.eventsPerSecond,
      divergences: result.divergences,
      malformed: result.malformed,
      notes: result.notes,
    },
    null,
    2,
  )}\n`;
}

export const HEADLINES: Readonly<Record<Explanation["kind"], string>> = {
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
    ...(divergence.received === null
      ? []
      : [`  received  ${valueText(messageOf(divergence.received))}`]),
    ...divergence.findings.flatMap((finding) => findingText(divergence.kind, finding)),
    ...decisionText(divergence),
    ...(divergence.spec === null ? [] : [`  the spec  ${divergence.spec}`]),
    ...divergence.looksLike.map(
      ({ rule, sentence }, place) =>
        `  ${place === 0 ? "looks like" : "        or"} ${rule} forgotten: ${sentence}`,
    ),
    ...divergence.before.map(
      (event, place) =>
        `  ${place === 0 ? "before it" : "         "} ${placeText(event, divergence)}: ${event.text}`,
    ),
    ...(divergence.minimal === null
      ? []
      : [`  minimal   ${divergence.minimal.file} (${count(divergence.minimal.events)} events)`]),
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
        ...(finding.expected === null ? [] : [`    ${neededText(finding)}`]),
        ...(finding.actual === null ? [] : [`    ${thereText(finding)}`]),
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

/** What a guard needs, in words where the value alone would mislead. */
function neededText({ name, expected }: ExplainedFinding): string {
  if (name === "IsMajority") return `needed  more than half of ${valueText(expected)}`;
  if (name === "EntryIsOfThisTerm") return `needed  an entry of term ${valueText(expected)}`;
  return `needed  ${valueText(expected)}`;
}

function thereText({ name, actual }: ExplainedFinding): string {
  if (name === "IsMajority") return `there   no more than ${valueText(actual)}`;
  if (name === "EntryIsOfThisTerm") return `there   one of term ${valueText(actual)}`;
  return `there   ${valueText(actual)}`;
}

/** A message as a value to be shown. */
function messageOf(message: TraceMessage): Value {
  const { id: _, ...fields } = message;
  return JSON.parse(JSON.stringify(fields)) as Value;
}

/** The sentence, and where the paper says it. */
export function meaningText({ sentence, section }: Meaning): string {
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
  const verdict =
    result.invalid > 0 || result.malformed.length > 0 || result.traces === 0
      ? style.bad("not all holds")
      : style.good("all holds");
  return [
    ...rows.map(([action, number]) => `  ${action.padEnd(28)}${count(number).padStart(10)}`),
    ...ruleText(result.rules),
    "",
    `${verdict}: ${count(result.traces)} traces, ${count(result.valid)} valid, ` +
      `${count(result.invalid)} invalid, ${count(result.malformed.length)} malformed; ` +
      `${count(result.events)} events, ${count(result.eventsPerSecond)} a second by ${result.engine}`,
    ...(uncovered.length === 0 || result.traces === 0
      ? []
      : [`not seen in these traces: ${uncovered.join(", ")}`]),
    ...(result.rules === null || result.traces === 0 ? [] : unseenText(result.rules)),
    "",
  ].join("\n");
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function ruleText(rules: CheckResult["rules"]): readonly string[] {
  if (rules === null) return [];
  return [
    "",
    `  ${"rule".padEnd(28)}${"granted".padStart(10)}${"refused".padStart(10)}`,
    ...Object.entries(rules).map(
      ([rule, { granted, refused }]) =>
        `  ${rule.padEnd(28)}${count(granted).padStart(10)}${count(refused).padStart(10)}`,
    ),
  ];
}

function unseenText(rules: NonNullable<CheckResult["rules"]>): readonly string[] {
  const { granting, refusing } = unseenRules(rules);
  return [
    ...(granting.length === 0 ? [] : [`rules never seen granting: ${granting.join(", ")}`]),
    ...(refusing.length === 0 ? [] : [`rules never seen refusing: ${refusing.join(", ")}`]),
  ];
}

import { counted, withCommas } from "../src/trace/counted.ts";
import type { TraceMessage } from "../src/trace/format.ts";
import type { CheckResult } from "./check.ts";
import { actionCounts, coverageGaps, ruleCounts, unseenRules } from "./coverage.ts";
import type { Value } from "./engine.ts";
import type { EventBefore, ExplainedFinding, Explanation } from "./explain.ts";
import { paragraphsOf, toldOf } from "./told.ts";
import { wrapped } from "./wrapped.ts";

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
      coverageGaps: result.traces === 0 ? [] : coverageGaps(result),
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

/** One divergence as an engineer wants it: told first, then what it rests on. */
export function explanationText(divergence: Explanation, style: Style = PLAIN): string {
  const where = `${divergence.file}:${divergence.line}`;
  const what = `${divergence.server} #${divergence.seq} ${divergence.action}`;
  return [
    `${style.bad("diverges")}  ${style.strong(where)}  ${what}: ${HEADLINES[divergence.kind]}`,
    ...labelled("what", [style.strong(divergence.did)]),
    ...toldOf(divergence).flatMap((told) => labelled(told.label, paragraphsOf(told))),
    ...labelled("event", [divergence.event], Number.POSITIVE_INFINITY),
    ...labelled(
      "received",
      divergence.received === null ? [] : [valueText(messageOf(divergence.received))],
      Number.POSITIVE_INFINITY,
    ),
    ...labelled("before it", divergence.stateText === null ? [] : [divergence.stateText]),
    ...divergence.findings.flatMap((finding) => findingText(divergence.kind, finding)),
    ...labelled("the rules", rulesSaid(divergence)),
    ...labelled("the spec", specText(divergence)),
    ...labelled(
      "led here",
      divergence.before.map((event) => `${placeText(event, divergence)}: ${event.text}`),
    ),
    ...labelled(
      "minimal",
      divergence.minimal === null
        ? []
        : [`${divergence.minimal.file} (${counted(divergence.minimal.events, "event")})`],
    ),
    ...labelled("replay", divergence.replay === null ? [] : [divergence.replay]),
    "",
  ].join("\n");
}

/** Where the spec says otherwise, what it says there, and what that came to. */
export function specText({ spec, conjunct, kind }: Explanation): readonly string[] {
  if (spec === null) return [];
  if (conjunct === null || conjunct === undefined) return [spec];
  const says = kind === "mismatch" ? "gives the value" : "is false";
  const values = conjunct.values === null ? [] : [`here: ${conjunct.values}`];
  return [`${spec} ${says}: ${conjunct.text}`, ...values];
}

/** How wide text for people is, but for data. */
const WIDTH = 110;
const INDENT = " ".repeat(13);

/** Paragraphs behind a label, each beginning a line of its own. */
function labelled(label: string, paragraphs: readonly string[], width = WIDTH): readonly string[] {
  return paragraphs
    .flatMap((paragraph) => wrapped(paragraph, width - INDENT.length))
    .map((line, place) =>
      place === 0 ? `  ${label.padEnd(INDENT.length - 2)}${line}` : `${INDENT}${line}`,
    );
}

/** The line, and the file where it is another one. */
function placeText(event: EventBefore, divergence: Explanation): string {
  return event.file === divergence.file ? String(event.line) : `${event.file}:${event.line}`;
}

function findingText(kind: Explanation["kind"], finding: ExplainedFinding): readonly string[] {
  if (kind !== "mismatch") return [];
  const [expected, actual] = sidesText(finding);
  return labelled(
    "differs",
    [finding.name, `  expected by the spec   ${expected}`, `  actual in the trace    ${actual}`],
    Number.POSITIVE_INFINITY,
  );
}

/** Of two long lists that begin alike, what comes after: cut, they could be the same text. */
function sidesText({ expected, actual }: ExplainedFinding): readonly [string, string] {
  const isLong = [expected, actual].some((value) => textOf(value).length > MOST_VALUE_TEXT);
  if (!isLong || !Array.isArray(expected) || !Array.isArray(actual)) {
    return [valueText(expected), valueText(actual)];
  }
  const differs = expected.findIndex((item, i) => textOf(item) !== textOf(actual[i] ?? null));
  const alike = differs < 0 ? expected.length : differs;
  if (alike === 0) return [valueText(expected), valueText(actual)];
  const after = (list: readonly Value[]): string =>
    `the first ${alike} are the same, then ${valueText(list.slice(alike))}`;
  return [after(expected), after(actual)];
}

/** A message as a value to be shown. */
export function messageOf(message: TraceMessage): Value {
  const { id: _, ...fields } = message;
  return JSON.parse(JSON.stringify(fields)) as Value;
}

function rulesSaid({ decisions }: Explanation): readonly string[] {
  if (decisions.length === 0) return [];
  return [decisions.map(({ rule, holds }) => `${rule} is ${holds}`).join(", ")];
}

function textOf(value: Value): string {
  return JSON.stringify(value);
}

function valueText(value: Value): string {
  const text = textOf(value);
  return text.length <= MOST_VALUE_TEXT ? text : `${text.slice(0, MOST_VALUE_TEXT - 1)}…`;
}

/** The counts, at the end. */
export function summary(result: CheckResult, style: Style = PLAIN): string {
  const rows = actionCounts(result.coverage);
  const uncovered = rows.filter(([, count]) => count === 0).map(([action]) => action);
  const verdict =
    result.invalid > 0 || result.malformed.length > 0 || result.traces === 0
      ? style.bad("not all holds")
      : style.good("all holds");
  return [
    ...(result.traces === 0 ? [] : [...rows.map(actionText), ...ruleText(result), ""]),
    `${verdict}: ${counted(result.traces, "trace")}, ${withCommas(result.valid)} valid, ` +
      `${withCommas(result.invalid)} invalid, ${withCommas(result.malformed.length)} malformed` +
      (result.traces === 0 ? "" : `; ${speedText(result)}`),
    ...(uncovered.length === 0 || result.traces === 0
      ? []
      : [`not seen in these traces: ${uncovered.join(", ")}`]),
    ...(result.rules === null || result.traces === 0 ? [] : unseenText(result)),
    "",
  ].join("\n");
}

function actionText([action, number]: readonly [string, number]): string {
  return `  ${action.padEnd(32)}${withCommas(number).padStart(10)}`;
}

function speedText({ events, eventsPerSecond, engine }: CheckResult): string {
  return `${counted(events, "event")}, ${withCommas(eventsPerSecond)} a second by ${engine}`;
}

function ruleText(result: CheckResult): readonly string[] {
  if (result.rules === null) return [];
  return [
    "",
    `  ${"rule".padEnd(32)}${"granted".padStart(10)}${"refused".padStart(10)}`,
    ...ruleCounts(result).map(
      ([rule, { granted, refused }]) =>
        `  ${rule.padEnd(32)}${withCommas(granted).padStart(10)}${withCommas(refused).padStart(10)}`,
    ),
  ];
}

function unseenText(result: CheckResult): readonly string[] {
  const { granting, refusing } = unseenRules(result);
  return [
    ...(granting.length === 0 ? [] : [`rules never seen granting: ${granting.join(", ")}`]),
    ...(refusing.length === 0 ? [] : [`rules never seen refusing: ${refusing.join(", ")}`]),
  ];
}

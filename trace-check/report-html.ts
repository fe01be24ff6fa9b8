/**
 * The result as one HTML file that needs nothing else: what diverges and why, the events that led
 * there as a picture and as a table, and how much the traces tried. It has no script.
 */
import { counted, withCommas } from "../src/trace/counted.ts";
import type { CheckResult } from "./check.ts";
import { actionCounts, coverageGaps, ruleCounts } from "./coverage.ts";
import type { Value } from "./engine.ts";
import type { Explanation } from "./explain.ts";
import type { NearAction, Reason } from "./explaining/reasons.ts";
import { nearActionText, nearestText, notAllText } from "./explaining/why-not.ts";
import type { Timeline } from "./exports/timeline.ts";
import { legendHtml, escapeHtml as text, timelineSvg } from "./exports/timeline-svg.ts";
import { HEADLINES, messageOf, specText } from "./report.ts";
import { STYLE } from "./report-html-style.ts";

/** A divergence with the picture of how it came to it. */
export interface PicturedDivergence {
  readonly divergence: Explanation;
  readonly timeline: Timeline;
}

/** @param pictured the divergences of the result, or the first of very many */
export function htmlReport(result: CheckResult, pictured: readonly PicturedDivergence[]): string {
  const isFine = result.invalid === 0 && result.malformed.length === 0 && result.traces > 0;
  const headline = headlineOf(result);
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>lockstep check: ${text(headline)}</title>`,
    `<style>${STYLE}</style></head>`,
    "<body><main>",
    `<h1><span class="${isFine ? "good" : "bad"}" aria-hidden="true">${isFine ? "✓" : "✗"}</span> ${text(headline)}</h1>`,
    summaryHtml(result),
    contentsHtml(pictured),
    ...result.malformed.map(
      ({ message }, place) =>
        `<section aria-label="Malformed trace ${place + 1}"><h2>Not a trace, or not all of one</h2><p><code>${text(message)}</code></p></section>`,
    ),
    ...pictured.map(divergenceHtml),
    leftOut(result.divergences.length - pictured.length),
    ...(result.traces === 0 ? [] : [coverageHtml(result)]),
    "</main></body></html>",
    "",
  ].join("\n");
}

function summaryHtml(result: CheckResult): string {
  const rows = [
    ["Traces", result.traces],
    ["Valid", result.valid],
    ["Diverging", result.invalid],
    ["Malformed", result.malformed.length],
    ["Events checked", result.events],
  ] as const;
  const cells = rows.map(
    ([name, value]) => `<div><dt>${name}</dt><dd>${withCommas(value)}</dd></div>`,
  );
  return `<dl class="counts">${cells.join("")}<div><dt>Judged by</dt><dd>${text(result.engine)}</dd></div></dl>`;
}

/** Where there is more than one divergence: what they are, and the way to each. */
function contentsHtml(pictured: readonly PicturedDivergence[]): string {
  if (pictured.length < 2) return "";
  const items = pictured.map(
    ({ divergence: { did, file, line } }, place) =>
      `<li><a href="#${idOf(place)}">${text(did)}</a> <span class="soft"><code>${text(file)}:${line}</code></span></li>`,
  );
  return `<nav aria-label="The divergences"><ol>${items.join("")}</ol></nav>`;
}

function idOf(place: number): string {
  return `divergence-${place + 1}`;
}

function headlineOf({ traces, invalid, malformed }: CheckResult): string {
  if (invalid > 0) return "Not every step is a step of Raft";
  if (traces === 0) return "No trace could be checked";
  return malformed.length > 0 ? "Not every trace could be checked" : "Every step is a step of Raft";
}

function leftOut(number: number): string {
  if (number <= 0) return "";
  return `<p>${counted(number, "more divergence is", "more divergences are")} left out here; the text and JSON reports have them all.</p>`;
}

function divergenceHtml({ divergence, timeline }: PicturedDivergence, place: number): string {
  const id = idOf(place);
  const what = `${divergence.server} #${divergence.seq} ${divergence.action}`;
  const named = `${what} in ${divergence.file}`;
  const picture = `How ${named} came about: ${counted(timeline.dots.length, "event")} of ${counted(timeline.servers.length, "server")}. The table below says the same.`;
  return [
    `<section aria-label="${text(named)}">`,
    `<h2 id="${id}">${text(divergence.did)}</h2>`,
    `<p class="place"><code>${text(divergence.file)}:${divergence.line}</code> · ${text(what)}: ${text(HEADLINES[divergence.kind])}</p>`,
    toldHtml(divergence),
    "<h3>How it came about</h3>",
    legendHtml(),
    `<div class="picture" tabindex="0" role="region" aria-label="Picture of ${text(named)}">${timelineSvg(timeline, id, picture)}</div>`,
    eventsHtml(timeline, named),
    "<h3>What it rests on</h3>",
    findingsHtml(divergence, named),
    factsHtml(divergence),
    "</section>",
  ].join("\n");
}

/** Why not, what instead, and what it looks like. */
function toldHtml(divergence: Explanation): string {
  const { because, instead, hints, looksLike, comesNearest, nearActions } = divergence;
  const against = [
    ...because.map((reason) => reasonHtml(reason, divergence.spec)),
    ...notAllText(divergence).map((each) => `<p>${text(each)}</p>`),
  ];
  const rows = [
    ...against.map((html, place) => row(place === 0 ? "Why not" : "and", html)),
    row("Instead", text(instead)),
    ...nearActions.map((near) => row("Nearest", nearActionHtml(near))),
    ...hints.map((hint) => row("Or logged so", text(hint))),
  ];
  const looks = [
    ...looksLike.map(
      ({ rule, sentence }) => `<strong>${text(rule)}</strong> forgotten: ${text(sentence)}`,
    ),
    ...comesNearest.map((each) => text(nearestText(each))),
  ];
  return (
    `<dl class="told">${rows.join("")}</dl>` +
    (looks.length === 0 ? "" : `<p class="looks">This looks like ${looks.join(" Or like ")}</p>`)
  );
}

function row(name: string, html: string): string {
  return `<dt>${name}</dt><dd>${html}</dd>`;
}

/** @param spec where the spec says otherwise; null where that is not told */
function reasonHtml({ name, holds, meaning, facts }: Reason, spec: string | null): string {
  const says = holds === null ? "" : ` is ${holds}`;
  const rule = `<span class="rule">${text(name)}</span>${says}`;
  if (meaning === undefined) return `<p>${rule}${facts === null ? "." : `: ${text(facts)}`}</p>`;
  const where = [
    ...(meaning.section === "" ? [] : [`the paper, section ${meaning.section}`]),
    ...(spec === null ? [] : [spec]),
  ].join("; ");
  const place = where === "" ? "" : ` <span class="soft">(${text(where)})</span>`;
  return (
    `<p>${rule}: ${text(meaning.sentence)}${place}</p>` +
    (facts === null ? "" : `<p>${text(facts)}</p>`)
  );
}

function nearActionHtml({ action, because }: NearAction): string {
  const reasons = because.map((reason) => reasonHtml(reason, null));
  return `<p>${text(nearActionText({ action, because }))}</p>${reasons.join("")}`;
}

function findingsHtml({ kind, findings }: Explanation, title: string): string {
  if (kind !== "mismatch") return "";
  const rows = findings.map(
    ({ name, expected, actual }) =>
      `<tr><th scope="row">${text(name)}</th><td><code>${value(expected)}</code></td><td><code>${value(actual)}</code></td></tr>`,
  );
  return table(
    "After the step",
    ["", "By the spec", "In the trace"],
    rows,
    `What differs in ${text(title)}`,
  );
}

function factsHtml(divergence: Explanation): string {
  const { received, decisions, minimal } = divergence;
  const rules = decisions.map(({ rule, holds }) => `${rule} is ${holds}`).join(", ");
  const facts: readonly (readonly [string, string | null])[] = [
    ["Before it", divergence.stateText],
    ["The event", divergence.event],
    ["It received", received === null ? null : JSON.stringify(messageOf(received))],
    ["The rules", rules === "" ? null : rules],
    ["The spec", specText(divergence).join("; ") || null],
    ["Minimal", minimal === null ? null : `${minimal.file} (${counted(minimal.events, "event")})`],
    ["Replay", divergence.replay],
  ];
  const items = facts.flatMap(([name, fact]) =>
    fact === null ? [] : [row(name, `<code>${text(fact)}</code>`)],
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

function eventsHtml({ dots }: Timeline, title: string): string {
  const rows = dots.map(
    (dot) =>
      `<tr><td class="number">${dot.place + 1}</td><th scope="row">${text(dot.event.server)} #${dot.event.seq}</th>` +
      `<td>${dot.term ?? ""}</td><td>${dot.role}</td><td>${dot.event.action}</td><td>${text(dot.text)}</td></tr>`,
  );
  const heads = ["Event", "Server", "Term", "Role", "Action", "What happened"];
  const caption = `The events that led to ${text(title)}`;
  return `<details><summary>The same as a table</summary>${table(caption, heads, rows)}</details>`;
}

function coverageHtml(result: CheckResult): string {
  const actions = actionCounts(result.coverage).map(
    ([action, number]) =>
      `<tr><th scope="row">${action}</th><td class="number">${withCommas(number)}</td></tr>`,
  );
  const tables = [table("Actions", ["Action", "Taken"], actions)];
  const parts = ['<section aria-label="Coverage"><h2>What the traces tried</h2>'];
  if (result.rules !== null) {
    const rules = ruleCounts(result).map(
      ([rule, { granted, refused }]) =>
        `<tr><th scope="row">${rule}</th><td class="number">${withCommas(granted)}</td><td class="number">${withCommas(refused)}</td></tr>`,
    );
    tables.push(table("Rules", ["Rule", "Granted", "Refused"], rules));
  }
  const gaps = coverageGaps(result);
  if (gaps.length > 0) {
    parts.push(
      `<p>What they did not try proves nothing:</p><ul>${gaps.map((gap) => `<li>${text(gap)}</li>`).join("")}</ul>`,
    );
  }
  return [...parts, `<div class="columns">${tables.join("\n")}</div>`, "</section>"].join("\n");
}

function table(
  caption: string,
  heads: readonly string[],
  rows: readonly string[],
  of = caption,
): string {
  const head = heads
    .map((each) =>
      each === ""
        ? "<td></td>"
        : `<th scope="col"${NUMBERS.has(each) ? ' class="number"' : ""}>${each}</th>`,
    )
    .join("");
  return `<div class="scroll" tabindex="0" role="region" aria-label="${of}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** The heads of columns of numbers. */
const NUMBERS: ReadonlySet<string> = new Set(["Event", "Taken", "Granted", "Refused"]);

function value(each: Value): string {
  return text(JSON.stringify(each));
}

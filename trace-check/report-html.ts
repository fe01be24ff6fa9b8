/**
 * The result as one HTML file that needs nothing else: what diverges and why, the events that led
 * there as a picture and as a table, and how much the traces tried. It has no script.
 */
import type { CheckResult } from "./check.ts";
import { actionCounts, unseenRules } from "./coverage.ts";
import type { Value } from "./engine.ts";
import type { ExplainedFinding, Explanation } from "./explain.ts";
import { describeEvent } from "./explain.ts";
import type { Dot, Timeline } from "./exports/timeline.ts";
import { escapeHtml as text, timelineSvg } from "./exports/timeline-svg.ts";
import { HEADLINES, meaningText } from "./report.ts";
import { STYLE } from "./report-html-style.ts";

/** A divergence with the picture of how it came to it. */
export interface PicturedDivergence {
  readonly divergence: Explanation;
  readonly timeline: Timeline;
}

/** @param pictured the divergences of the result, or the first of very many */
export function htmlReport(result: CheckResult, pictured: readonly PicturedDivergence[]): string {
  const isFine = result.invalid === 0 && result.malformed.length === 0 && result.traces > 0;
  const headline = isFine ? "Every step is a step of Raft" : "Not every step is a step of Raft";
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>lockstep check: ${text(headline)}</title>`,
    `<style>${STYLE}</style></head>`,
    "<body><main>",
    `<h1><span class="${isFine ? "good" : "bad"}" aria-hidden="true">${isFine ? "✓" : "✗"}</span> ${text(headline)}</h1>`,
    summaryHtml(result),
    ...result.malformed.map(
      (fault) => `<section class="fault"><h2>Malformed</h2><p>${text(fault.message)}</p></section>`,
    ),
    ...pictured.map(divergenceHtml),
    leftOut(result.divergences.length - pictured.length),
    coverageHtml(result),
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
    ["Events held against the spec", result.events],
  ] as const;
  const cells = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${count(value)}</dd></div>`);
  return `<dl class="counts">${cells.join("")}<div><dt>Judged by</dt><dd>${text(result.engine)}</dd></div></dl>`;
}

function leftOut(number: number): string {
  if (number <= 0) return "";
  return `<p>${count(number)} more divergences are left out here; the text and JSON reports have them all.</p>`;
}

function divergenceHtml({ divergence, timeline }: PicturedDivergence, place: number): string {
  const id = `divergence-${place + 1}`;
  const title = `${divergence.server} #${divergence.seq} ${divergence.action}`;
  const named = `${title} in ${divergence.file}`;
  const picture = `How ${named} came about: ${timeline.dots.length} events of ${timeline.servers.length} servers. The table below says the same.`;
  return [
    `<section aria-label="${text(named)}">`,
    `<h2 id="${id}">${text(title)}: ${text(HEADLINES[divergence.kind])}</h2>`,
    `<p class="place"><code>${text(divergence.file)}:${divergence.line}</code></p>`,
    looksLikeHtml(divergence),
    findingsHtml(divergence, named),
    decisionsHtml(divergence, named),
    factsHtml(divergence),
    "<h3>How it came about</h3>",
    `<div class="picture" tabindex="0" role="region" aria-label="Picture of ${text(named)}">${timelineSvg(timeline, id, picture)}</div>`,
    eventsHtml(timeline, named),
    "</section>",
  ].join("\n");
}

function looksLikeHtml({ looksLike }: Explanation): string {
  if (looksLike.length === 0) return "";
  const items = looksLike.map(
    ({ rule, sentence }) => `<strong>${text(rule)}</strong> forgotten: ${text(sentence)}`,
  );
  return `<p class="looks-like">This looks like ${items.join(" Or ")}</p>`;
}

function findingsHtml({ kind, findings }: Explanation, title: string): string {
  const [first, second] =
    kind === "mismatch" ? ["By the spec", "In the trace"] : ["Needed", "There"];
  const row = ({ name, meaning, expected, actual }: ExplainedFinding) =>
    `<tr><th scope="row">${text(name)}${meaning === undefined ? "" : `<span class="meaning">${text(meaningText(meaning))}</span>`}</th>` +
    `<td><code>${value(expected)}</code></td><td><code>${value(actual)}</code></td></tr>`;
  return table(
    "What differs",
    ["Name", first, second],
    findings.map(row),
    `What differs in ${text(title)}`,
  );
}

function decisionsHtml({ decisions }: Explanation, title: string): string {
  if (decisions.length === 0) return "";
  const rows = decisions.map(
    ({ rule, holds, meaning }) =>
      `<tr><th scope="row">${text(rule)}</th><td>${holds ? "✓ true" : "✗ false"}</td><td>${meaning === undefined ? "" : text(meaningText(meaning))}</td></tr>`,
  );
  return table(
    "What the rules say here",
    ["Rule", "It is", "Meaning"],
    rows,
    `What the rules say of ${text(title)}`,
  );
}

function factsHtml(divergence: Explanation): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ["Event", divergence.event],
    ["Received", divergence.received === null ? null : JSON.stringify(divergence.received)],
    ["In the spec", divergence.spec],
    ["Replay", divergence.replay],
    ["Minimal trace", divergence.minimal?.file ?? null],
  ];
  const items = facts.flatMap(([name, fact]) =>
    fact === null ? [] : [`<div><dt>${name}</dt><dd><code>${text(fact)}</code></dd></div>`],
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

function eventsHtml({ dots }: Timeline, title: string): string {
  const rows = dots.map(
    (dot: Dot) =>
      `<tr><td>${dot.place + 1}</td><th scope="row">${text(dot.event.server)}</th><td>${dot.term ?? ""}</td><td>${dot.role}</td><td>${text(describeEvent(dot.event))}</td></tr>`,
  );
  return table(
    `The events that led to ${text(title)}`,
    ["Event", "Server", "Term", "Role", "Step"],
    rows,
  );
}

function coverageHtml(result: CheckResult): string {
  const actions = actionCounts(result.coverage).map(
    ([action, number]) => `<tr><th scope="row">${action}</th><td>${count(number)}</td></tr>`,
  );
  const parts = [
    "<section><h2>What the traces tried</h2>",
    table("Actions", ["Action", "Taken"], actions),
  ];
  if (result.rules !== null) {
    const rules = Object.entries(result.rules).map(
      ([rule, { granted, refused }]) =>
        `<tr><th scope="row">${rule}</th><td>${count(granted)}</td><td>${count(refused)}</td></tr>`,
    );
    const { granting, refusing } = unseenRules(result.rules);
    parts.push(table("Rules", ["Rule", "Granted", "Refused"], rules));
    if (granting.length > 0) parts.push(`<p>Never seen granting: ${granting.join(", ")}.</p>`);
    if (refusing.length > 0) parts.push(`<p>Never seen refusing: ${refusing.join(", ")}.</p>`);
  }
  return [...parts, "</section>"].join("\n");
}

function table(
  caption: string,
  heads: readonly string[],
  rows: readonly string[],
  of = caption,
): string {
  const head = heads.map((each) => `<th scope="col">${each}</th>`).join("");
  return `<div class="scroll" tabindex="0" role="region" aria-label="${of}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function value(each: Value): string {
  return each === null ? "nothing" : text(JSON.stringify(each));
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

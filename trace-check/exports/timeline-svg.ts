/**
 * The picture of a timeline: a column a server, a row an event with what happened there, terms as
 * bands, messages as arrows.
 */
import { cut } from "../explaining/tell.ts";
import { wrapped } from "../wrapped.ts";
import type { Arrow, Dot, Timeline } from "./timeline.ts";

const COLUMN = 108;
const ROW = 38;
const TOP = 52;
const LEFT = 8;
const RADIUS = 7;
/** From one line of a label to the next. */
const LINE = 15;
/** So that with five servers the picture is no wider than the report, which would hide its edge. */
const MOST_LETTERS = 48;
/** As many as a row has room for; below the last row there is more. */
const MOST_LINES = 2;
/** How wide a letter is at the most, on average. */
const LETTER = 7.9;

/** @param id unique in its document; @param title what a screen reader says of the picture */
export function timelineSvg(timeline: Timeline, id: string, title: string): string {
  const { servers, dots, arrows } = timeline;
  const gutter = LEFT + COLUMN * servers.length;
  const last = dots.at(-1);
  const labels = dots.map((dot) => ({ dot, lines: labelOf(dot, dot === last) }));
  const longest = Math.max(...labels.flatMap(({ lines }) => lines.map(({ length }) => length)));
  const width = Math.ceil(gutter + 24 + LETTER * longest);
  const below = Math.max(0, (labels.at(-1)?.lines.length ?? 0) - MOST_LINES);
  const height = TOP + ROW * dots.length + 16 + LINE * below;
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title">`,
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    `<defs>${head(`${id}-head`, "head")}${head(`${id}-wrong-head`, "wrong-head")}</defs>`,
    ...servers.flatMap((server, column) => columnSvg(server, column, timeline, height)),
    ...dots.map((dot) => guideSvg(dot, gutter)),
    ...arrows.map((arrow) => arrowSvg(arrow, id, arrow.to === last)),
    ...labels.map(({ dot, lines }) => dotSvg(dot, lines, dot === last, gutter)),
    "</svg>",
  ].join("\n");
}

/** What happened, in lines; of the event that diverges all of it. */
function labelOf({ text }: Dot, isLast: boolean): readonly string[] {
  const lines = wrapped(text, MOST_LETTERS);
  const shown =
    isLast || lines.length <= MOST_LINES
      ? lines
      : [...lines.slice(0, MOST_LINES - 1), lines.slice(MOST_LINES - 1).join(" ")];
  return shown.map((line) => cut(line, MOST_LETTERS));
}

function head(id: string, name: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 L8 4 L0 8 z" class="${name}"/></marker>`;
}

function x(column: number): number {
  return LEFT + COLUMN * column + COLUMN / 2;
}

function y(row: number): number {
  return TOP + ROW * row + ROW / 2;
}

/** The server's name, its line, and a band for each stretch of events in one term. */
function columnSvg(
  server: string,
  column: number,
  { dots, arrows }: Timeline,
  height: number,
): readonly string[] {
  const own = dots.filter((dot) => dot.column === column);
  const begins = own.filter((dot, place) => dot.term !== own[place - 1]?.term);
  const bands = begins.flatMap((dot, place) => {
    if (dot.term === null) return [];
    const top = y(dot.row) - ROW / 2;
    const next = begins[place + 1];
    const bottom = next === undefined ? height - 8 : y(next.row) - ROW / 2;
    const left = x(column) - COLUMN / 2 + 4;
    return [
      `<rect x="${left}" y="${top}" width="${COLUMN - 8}" height="${bottom - top}" rx="6" class="band band-${dot.term % 4}"/>`,
      termSvg(dot, left, arrows),
    ];
  });
  return [
    ...bands,
    `<line x1="${x(column)}" y1="${TOP - 10}" x2="${x(column)}" y2="${height - 8}" class="life"/>`,
    `<text x="${x(column)}" y="${TOP - 20}" text-anchor="middle" class="server">${escapeHtml(shortened(server))}</text>`,
  ];
}

/** Beside the dot, where no arrow comes in. */
function termSvg(dot: Dot, left: number, arrows: readonly Arrow[]): string {
  const isFromRight = arrows.some(({ from, to }) => to === dot && from.column > dot.column);
  const [at, anchor] = isFromRight ? [left + 6, "start"] : [left + COLUMN - 14, "end"];
  return `<text x="${at}" y="${y(dot.row) - 3}" text-anchor="${anchor}" class="term">term ${dot.term}</text>`;
}

/** Leads the eye from the dot to what is written about it. */
function guideSvg(dot: Dot, gutter: number): string {
  return `<line x1="${x(dot.column) + RADIUS}" y1="${y(dot.row)}" x2="${gutter + 6}" y2="${y(dot.row)}" class="guide"/>`;
}

function arrowSvg({ from, to, type }: Arrow, id: string, isOfLast: boolean): string {
  const side = Math.sign(to.column - from.column);
  const kind = isOfLast ? " of-last" : type.startsWith("RequestVote") ? " vote" : "";
  return (
    `<line x1="${x(from.column) + side * RADIUS}" y1="${y(from.row)}" ` +
    `x2="${x(to.column) - side * (RADIUS + 3)}" y2="${y(to.row)}" ` +
    `class="message${kind}" marker-end="url(#${id}-${isOfLast ? "wrong-head" : "head"})"/>`
  );
}

/** A dot, or a cross for the event that diverges; in the gutter what happened. */
function dotSvg(dot: Dot, lines: readonly string[], isLast: boolean, gutter: number): string {
  const [cx, cy] = [x(dot.column), y(dot.row)];
  const left = gutter + 12;
  const top = cy + 4.5 - (lines.length > 1 ? LINE / 2 : 0);
  const spans = lines.map(
    (line, place) => `<tspan x="${left}" y="${top + LINE * place}">${escapeHtml(line)}</tspan>`,
  );
  return (
    markSvg(cx, cy, isLast ? "wrong" : dot.role) +
    `<text class="label${isLast ? " wrong-label" : ""}">${spans.join(" ")}</text>`
  );
}

/** Roles by their shape: a full dot leads, half a dot stands for election, a ring follows. */
function markSvg(cx: number, cy: number, mark: string): string {
  const r = RADIUS;
  switch (mark) {
    case "wrong":
      return (
        `<circle cx="${cx}" cy="${cy}" r="${r + 4}" class="wrong-disc"/>` +
        `<path d="M${cx - r} ${cy - r} L${cx + r} ${cy + r} M${cx + r} ${cy - r} L${cx - r} ${cy + r}" class="wrong"/>`
      );
    case "Leader":
      return `<circle cx="${cx}" cy="${cy}" r="${r}" class="dot full"/>`;
    case "Candidate":
      return (
        `<circle cx="${cx}" cy="${cy}" r="${r}" class="dot"/>` +
        `<path d="M${cx} ${cy - r} A${r} ${r} 0 0 0 ${cx} ${cy + r} z" class="half"/>`
      );
    default:
      return `<circle cx="${cx}" cy="${cy}" r="${r}" class="dot"/>`;
  }
}

/** What the marks mean, each beside its word. */
export function legendHtml(): string {
  const mark = (name: string, word: string) =>
    `<li><svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">${markSvg(10, 10, name)}</svg>${word}</li>`;
  const line = (kind: string, word: string) =>
    `<li><svg width="30" height="20" viewBox="0 0 30 20" aria-hidden="true"><line x1="1" y1="10" x2="29" y2="10" class="message${kind}"/></svg>${word}</li>`;
  return `<ul class="legend">${[
    mark("Leader", "leader"),
    mark("Candidate", "candidate"),
    mark("Follower", "follower"),
    mark("wrong", "the event that diverges"),
    line(" vote", "about a vote"),
    line("", "about entries"),
    line(" of-last", "what the diverging event received"),
  ].join("")}</ul>`;
}

function shortened(server: string): string {
  return server.length <= 13 ? server : `…${server.slice(-12)}`;
}

/** Text for HTML and SVG, also in attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

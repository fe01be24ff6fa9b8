/** The picture of a timeline: a column a server, a row an event, terms as bands, messages as arrows. */
import type { Arrow, Dot, Timeline } from "./timeline.ts";

const COLUMN = 92;
const ROW = 30;
const TOP = 44;
const LEFT = 16;
const LABEL = 430;
const RADIUS = 6;

/** @param id unique in its document; @param title what a screen reader says of the picture */
export function timelineSvg(timeline: Timeline, id: string, title: string): string {
  const { servers, dots, arrows } = timeline;
  const width = LEFT + COLUMN * servers.length + LABEL;
  const height = TOP + ROW * dots.length + 16;
  return [
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title">`,
    `<title id="${id}-title">${escapeHtml(title)}</title>`,
    `<defs><marker id="${id}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" class="head"/></marker></defs>`,
    ...servers.flatMap((server, column) => columnSvg(server, column, dots, height)),
    ...arrows.map((arrow) => arrowSvg(arrow, id)),
    ...dots.map((dot, place) => dotSvg(dot, place === dots.length - 1, servers.length)),
    "</svg>",
  ].join("\n");
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
  dots: readonly Dot[],
  height: number,
): readonly string[] {
  const own = dots.filter((dot) => dot.column === column);
  const begins = own.filter((dot, place) => dot.term !== own[place - 1]?.term);
  const bands = begins.flatMap((dot, place) => {
    if (dot.term === null) return [];
    const top = y(dot.row) - ROW / 2;
    const next = begins[place + 1];
    const bottom = next === undefined ? height - 8 : y(next.row) - ROW / 2;
    return [
      `<rect x="${x(column) - COLUMN / 2 + 4}" y="${top}" width="${COLUMN - 8}" height="${bottom - top}" class="band band-${dot.term % 4}"/>`,
      `<text x="${x(column) + 12}" y="${top + 13}" class="term">term ${dot.term}</text>`,
    ];
  });
  return [
    ...bands,
    `<line x1="${x(column)}" y1="${TOP - 8}" x2="${x(column)}" y2="${height - 8}" class="life"/>`,
    `<text x="${x(column)}" y="${TOP - 18}" text-anchor="middle" class="server">${escapeHtml(shortened(server))}</text>`,
  ];
}

function arrowSvg({ from, to, type }: Arrow, id: string): string {
  const isVote = type.startsWith("RequestVote");
  const side = Math.sign(to.column - from.column);
  return (
    `<line x1="${x(from.column) + side * RADIUS}" y1="${y(from.row)}" ` +
    `x2="${x(to.column) - side * (RADIUS + 2)}" y2="${y(to.row)}" ` +
    `class="message${isVote ? " vote" : ""}" marker-end="url(#${id}-head)"/>`
  );
}

/** A dot, or a cross for the event that diverges; in the gutter what happened. */
function dotSvg(dot: Dot, isLast: boolean, columns: number): string {
  const [cx, cy] = [x(dot.column), y(dot.row)];
  const r = RADIUS;
  const mark = isLast
    ? `<path d="M${cx - r} ${cy - r} L${cx + r} ${cy + r} M${cx + r} ${cy - r} L${cx - r} ${cy + r}" class="wrong"/>`
    : `<circle cx="${cx}" cy="${cy}" r="${r}" class="dot ${dot.role.toLowerCase()}"/>`;
  const { server, seq, action } = dot.event;
  const text = `${shortened(server)} #${seq} ${action}${isLast ? " diverges" : ""}`;
  const label = `<text x="${LEFT + COLUMN * columns + 12}" y="${cy + 4}" class="label${isLast ? " wrong-label" : ""}">${escapeHtml(text)}</text>`;
  return `${mark}${label}`;
}

function shortened(server: string): string {
  return server.length <= 12 ? server : `…${server.slice(-11)}`;
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

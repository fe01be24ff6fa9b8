/** The logs as a table, for a picture. */
import type { Entry } from "../../../core/index.ts";
import type { Frame } from "../../model/frame.ts";
import type { ClusterView, ViewedServer } from "../../model/view.ts";
import { colourOf, element, GOOD, LINE, paleColourOf, SOFT, text } from "./svg.ts";

const ROW = 27;
const HEAD = 22;
const COLUMNS = [
  ["server", 0, 52],
  ["role", 52, 72],
  ["term", 124, 40],
  ["vote", 164, 40],
  ["commit", 204, 56],
] as const;
const CELLS_AT = 268;
const CELL = 46;
const MOST_CELLS = 8;

export function logsHeight(view: ClusterView): number {
  return HEAD + ROW * view.servers.size + 6;
}

/** The last entries of each log, the indexes above them. */
export function logsPicture(frame: Frame, view: ClusterView): string {
  const longest = Math.max(1, ...[...view.servers.values()].map(({ log }) => log.length));
  const cells = Math.min(MOST_CELLS, Math.max(longest, 4));
  const first = Math.max(1, longest - cells + 1);
  const indexes = Array.from({ length: cells }, (_, i) => first + i);
  const left = (index: number): number => CELLS_AT + (index - first) * (CELL + 3);
  const head = [
    ...COLUMNS.map(([name, x, width]) => headText(name, x + width / 2)),
    ...indexes.map((index) => headText(String(index), left(index) + CELL / 2)),
  ];
  const rows = [...view.servers].flatMap(([server, state], i) => {
    const y = HEAD + ROW * i;
    const isDown = frame.network.down.has(server);
    return [
      ...rowTexts(server, state, isDown, y),
      ...indexes.map((index) => cell(state, index, left(index), y)),
    ];
  });
  return [...head, ...rows].join("");
}

function headText(words: string, x: number): string {
  return text(words, x, HEAD - 8, { "font-size": 11, fill: SOFT });
}

function rowTexts(
  server: string,
  { role, currentTerm, votedFor, commitIndex, lastApplied }: ViewedServer,
  isDown: boolean,
  y: number,
): readonly string[] {
  const words = [
    server,
    isDown ? "down" : role,
    String(currentTerm),
    votedFor ?? "–",
    `${commitIndex}/${lastApplied}`,
  ];
  return COLUMNS.map(([, x, width], i) =>
    text(words[i] ?? "", x + width / 2, y + 16, {
      "font-size": 12.5,
      "font-weight": i === 0 ? 700 : null,
    }),
  );
}

function cell(state: ViewedServer, index: number, x: number, y: number): string {
  const entry = state.log[index - 1];
  const box = { x, y, width: CELL, height: ROW - 4, rx: 4 };
  if (entry === undefined) {
    return element("rect", { ...box, fill: "none", stroke: LINE, "stroke-dasharray": "3 3" });
  }
  const middle = x + CELL / 2;
  if (index <= state.snapshotIndex) {
    return (
      element("rect", { ...box, fill: "#eceae4", stroke: SOFT }) +
      text("snap", middle, y + 16, { "font-size": 11.5 })
    );
  }
  const isCommitted = index <= state.commitIndex;
  return [
    element("rect", {
      ...box,
      fill: paleColourOf(entry.term),
      stroke: colourOf(entry.term),
      "stroke-width": isCommitted ? 2.4 : 1.2,
    }),
    text(wordsOf(entry), middle - (isCommitted ? 4 : 0), y + 16, { "font-size": 12 }),
    ...(isCommitted ? [text("✓", x + CELL - 8, y + 11, { "font-size": 10, fill: GOOD })] : []),
  ].join("");
}

const LONGEST = 4;

/** Its term and its command. */
function wordsOf({ term, command }: Entry): string {
  const words = command ?? "no-op";
  return `${term} ${words.length > LONGEST + 1 ? `${words.slice(0, LONGEST)}…` : words}`;
}

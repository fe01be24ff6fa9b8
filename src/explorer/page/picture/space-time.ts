/** The space-time diagram, for a picture. */
import type { Session } from "../../model/session.ts";
import { drawingOf, ROW, STEP } from "../../model/space-time.ts";
import { BAD, colourOf, element, INK, LINE, paleColourOf, SOFT, text } from "./svg.ts";

const LEFT = 34;
const CAPTION = 20;

export function spaceTimeHeight({ spec }: Session): number {
  return ROW * spec.servers.length + CAPTION;
}

/** The steps up to where one is, as many as there is room for, and what comes after them. */
export function spaceTimePicture({ path, position, spec }: Session, width: number): string {
  const { servers } = spec;
  const room = Math.floor((width - LEFT) / STEP) - 1;
  const last = Math.min(path.length - 1, Math.max(position, room));
  const first = Math.max(0, last - room);
  const drawing = drawingOf(path, servers, first, last);
  const x = (place: number): number => LEFT + STEP * (place - first + 0.5);
  const y = (server: string): number => ROW * (servers.indexOf(server) + 0.5);
  const height = ROW * servers.length;
  const words = `Steps ${first} to ${last}. ▲ timeout  ◆ leads  ● receives  ■ appends, sends, commits, applies  ✕ restarts`;
  return [
    ...drawing.bands.map(({ server, term, from, to }) =>
      element("rect", {
        ...{ x: x(from) - STEP / 2, y: y(server) - ROW / 2 + 2 },
        ...{ width: STEP * (to - from + 1), height: ROW - 4, fill: paleColourOf(term) },
      }),
    ),
    element("rect", {
      ...{ x: x(position) - STEP / 2, y: 0, width: STEP, height },
      ...{ fill: "none", stroke: colourOf(1), "stroke-width": 1.6 },
    }),
    ...servers.flatMap((server) => [
      element("line", { x1: LEFT, x2: width, y1: y(server), y2: y(server), stroke: LINE }),
      text(server, 4, y(server) + 4, { "font-size": 12, "text-anchor": "start" }),
    ]),
    // Of a message from before the first of these steps nothing is seen but that it arrives.
    ...drawing.arrows
      .filter(({ sent, landed }) => sent !== landed)
      .map(({ from, to, sent, landed }) =>
        element("line", {
          x1: x(sent),
          y1: y(from),
          x2: x(landed ?? sent + 1.2),
          y2: landed === null ? y(from) + (y(to) - y(from)) * 0.3 : y(to),
          stroke: SOFT,
          "stroke-dasharray": landed === null ? "3 3" : null,
        }),
      ),
    ...drawing.marks.map(({ place, event, isWrong }) =>
      mark(event.action, x(place), y(event.server), isWrong ? BAD : INK),
    ),
    text(words, 4, height + 14, { "font-size": 11, fill: SOFT, "text-anchor": "start" }),
  ].join("");
}

/** The shapes of the page's own diagram. */
function mark(action: string, x: number, y: number, fill: string): string {
  if (action === "Timeout") {
    return element("path", { d: `M${x} ${y - 6}l6 11h-12z`, fill });
  }
  if (action === "BecomeLeader") {
    return element("path", { d: `M${x} ${y - 7}l6 7l-6 7l-6 -7z`, fill });
  }
  if (action === "Restart") {
    const d = `M${x - 5} ${y - 5}l10 10m0 -10l-10 10`;
    return element("path", { d, stroke: fill, "stroke-width": 2.5 });
  }
  if (action.startsWith("Handle")) return element("circle", { cx: x, cy: y, r: 3.6, fill });
  return element("rect", { x: x - 4, y: y - 4, width: 8, height: 8, fill });
}

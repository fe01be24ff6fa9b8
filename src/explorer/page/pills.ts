/** Where the messages stand on the stage: each on its lane, or beside it where another is there. */
import type { ServerId } from "../../core/index.ts";
import type { Envelope } from "../model/network.ts";
import { extentOf, lanesOf, onLane, type Point, STAGE } from "./geometry.ts";
import { messageLabel } from "./words.ts";

/** A message as it is drawn: its words, and a box around its place. */
export interface Pill {
  readonly envelope: Envelope;
  readonly label: string;
  /** Its middle. */
  readonly place: Point;
  readonly width: number;
}

/** Of every pill. */
export const PILL_HEIGHT = 22;

/** What is left free between two of them, and around a server. */
const GAP = 3;

/** The steps in which a place is sought, along the lane and to its sides. */
const STEP = 6;
const MOST_STEPS = 14;

/** The stage has room for fewer: more of them stay on their lanes, since to seek takes its time. */
const MOST_SOUGHT = 200;

/** From where to where something is on the stage. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The messages in the order of their lanes. Each takes the free place that is the nearest to its own on its
 * lane; where there is none, the one at which it covers the least. Where they are too many, the last stay.
 */
export function pillsOf(
  inFlight: readonly Envelope[],
  places: ReadonlyMap<ServerId, Point>,
): readonly Pill[] {
  const at = (server: ServerId): Point => places.get(server) ?? { x: 0, y: 0 };
  const taken: Box[] = [...places.values()].flatMap(boxesOfServer);
  const { top, height } = extentOf(places);
  const stage: Box = { left: 0, right: STAGE.width, top, bottom: top + height };
  let sought = 0;
  return lanesOf(inFlight).flatMap((lane) =>
    lane.map((envelope, i) => {
      const [from, to] = [at(envelope.message.from), at(envelope.message.to)];
      const label = labelOf(envelope);
      const width = 18 + 6.6 * label.length;
      const own = onLane(from, to, i, lane.length);
      sought++;
      const place = sought > MOST_SOUGHT ? own : freePlace(own, from, to, width, taken, stage);
      taken.push(boxAround(place, width, PILL_HEIGHT));
      return { envelope, label, place, width };
    }),
  );
}

function labelOf({ message, copies, isHeld, isLost = false }: Envelope): string {
  const fate = isHeld ? "held: " : isLost ? "lost: " : "";
  return `${fate}${messageLabel(message)}${copies > 1 ? ` ×${copies}` : ""}`;
}

function freePlace(
  own: Point,
  from: Point,
  to: Point,
  width: number,
  taken: readonly Box[],
  stage: Box,
): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const ahead = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  let best = own;
  let least = Number.POSITIVE_INFINITY;
  for (const { along, aside } of SHIFTS) {
    const place = {
      x: own.x + ahead.x * along - ahead.y * aside,
      y: own.y + ahead.y * along + ahead.x * aside,
    };
    const box = boxAround(place, width + 2 * GAP, PILL_HEIGHT + 2 * GAP);
    if (!isWithin(box, stage)) continue;
    const covered = taken.reduce((sum, other) => sum + commonArea(box, other), 0);
    if (covered === 0) return place;
    if (covered < least) [best, least] = [place, covered];
  }
  return best;
}

/** The nearest first; and of those that are as near, one on the lane. */
const SHIFTS: readonly { readonly along: number; readonly aside: number }[] = (() => {
  const steps = Array.from({ length: 2 * MOST_STEPS + 1 }, (_, i) => (i - MOST_STEPS) * STEP);
  const all = steps.flatMap((along) => steps.map((aside) => ({ along, aside })));
  const distance = ({ along, aside }: (typeof all)[number]): number =>
    Math.hypot(along, aside) + Math.abs(aside) / 100 + (aside < 0 ? 0.001 : 0);
  return all.sort((a, b) => distance(a) - distance(b));
})();

/** A circle with its ring, as a cross of two boxes, so that its corners are free; and its vote below. */
function boxesOfServer({ x, y }: Point): readonly Box[] {
  const reach = STAGE.radius + 8;
  const narrow = reach * 0.75;
  return [
    boxAround({ x, y }, 2 * reach, 2 * narrow),
    boxAround({ x, y }, 2 * narrow, 2 * reach),
    boxAround({ x, y: y + STAGE.radius + 17 }, 92, 14),
  ];
}

function boxAround({ x, y }: Point, width: number, height: number): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function commonArea(some: Box, other: Box): number {
  const width = Math.min(some.right, other.right) - Math.max(some.left, other.left);
  const height = Math.min(some.bottom, other.bottom) - Math.max(some.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function isWithin(box: Box, stage: Box): boolean {
  return (
    box.left >= stage.left &&
    box.right <= stage.right &&
    box.top >= stage.top &&
    box.bottom <= stage.bottom
  );
}

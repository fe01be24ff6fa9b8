/** Where things are on the stage. */
import type { ServerId } from "../../core/index.ts";
import type { Envelope } from "../model/network.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const STAGE = { width: 640, height: 400, radius: 42 } as const;

/** How far a lane is from the straight line between two servers. */
const LANE = 15;

/** The places of the servers, on an ellipse, the first at the top. */
export function placesOf(servers: readonly ServerId[]): ReadonlyMap<ServerId, Point> {
  const { width, height } = STAGE;
  return new Map(
    servers.map((server, i) => {
      const angle = -Math.PI / 2 + (2 * Math.PI * i) / servers.length;
      const x = width / 2 + Math.cos(angle) * (width / 2 - 110);
      const y = height / 2 + 4 + Math.sin(angle) * (height / 2 - 62);
      return [server, { x, y }];
    }),
  );
}

/** From where to where the stage has something on it, top and height: with room for rings and votes. */
export function extentOf(places: ReadonlyMap<ServerId, Point>) {
  const heights = [...places.values()].map(({ y }) => y);
  const top = Math.min(...heights) - STAGE.radius - 16;
  return { top, height: Math.max(...heights) + STAGE.radius + 32 - top };
}

/** Of a lane the ends, at the servers' rims, and the head of an arrow at its end, as a path. */
export function laneOf(from: Point, to: Point) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const ahead = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const side = { x: -ahead.y * LANE, y: ahead.x * LANE };
  const rim = STAGE.radius + 10;
  const along = (distance: number, aside = 0): Point => ({
    x: from.x + ahead.x * distance + side.x - ahead.y * aside,
    y: from.y + ahead.y * distance + side.y + ahead.x * aside,
  });
  const end = along(length - rim);
  const [left, right] = [along(length - rim - 9, 4), along(length - rim - 9, -4)];
  const head = `M${end.x} ${end.y}L${left.x} ${left.y}L${right.x} ${right.y}Z`;
  return { start: along(rim), end, head };
}

/**
 * The place of the message at `place` of so many on a lane, the newest the nearest to who sent it.
 * Lanes keep to their right, so that two ways part; of many messages every second stands aside.
 */
export function onLane(from: Point, to: Point, place: number, count: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const right = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  const inset = STAGE.radius + (count === 1 ? 26 : 18);
  const along = inset + (length - 2 * inset) * ((count - place) / (count + 1));
  const aside = LANE + (place % 2 === 1 ? 22 : 0);
  return {
    x: from.x + ((to.x - from.x) * along) / length + right.x * aside,
    y: from.y + ((to.y - from.y) * along) / length + right.y * aside,
  };
}

/** Which servers are on the one side and on the other of a line; null where it parts none. */
export function sidesOf(
  places: ReadonlyMap<ServerId, Point>,
  start: Point,
  end: Point,
): readonly (readonly ServerId[])[] | null {
  const isLeft = ({ x, y }: Point): boolean =>
    (end.x - start.x) * (y - start.y) - (end.y - start.y) * (x - start.x) > 0;
  const left = [...places].filter(([, place]) => isLeft(place)).map(([server]) => server);
  const right = [...places].filter(([, place]) => !isLeft(place)).map(([server]) => server);
  return left.length === 0 || right.length === 0 ? null : [left, right];
}

/** A line that shows a partition: through the middle of the two groups, across. */
export function lineBetween(
  places: ReadonlyMap<ServerId, Point>,
  groups: readonly (readonly ServerId[])[],
): readonly [Point, Point] | null {
  const [a, b] = groups.map((group) => centreOf(places, group));
  if (a === undefined || b === undefined || groups.length !== 2) return null;
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const across = { x: (-(b.y - a.y) / length) * 900, y: ((b.x - a.x) / length) * 900 };
  return [
    { x: middle.x - across.x, y: middle.y - across.y },
    { x: middle.x + across.x, y: middle.y + across.y },
  ];
}

function centreOf(places: ReadonlyMap<ServerId, Point>, group: readonly ServerId[]): Point {
  const points = group.flatMap((server) => places.get(server) ?? []);
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** The messages on their way, by the way that they take. */
export function lanesOf(inFlight: readonly Envelope[]): readonly (readonly Envelope[])[] {
  const lanes = new Map<string, Envelope[]>();
  for (const envelope of inFlight) {
    const lane = `${envelope.message.from} ${envelope.message.to}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), envelope]);
  }
  return [...lanes.values()];
}

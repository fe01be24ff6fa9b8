/** Where things are on the stage. */
import type { ServerId } from "../../core/index.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const STAGE = { width: 640, height: 400, radius: 42 } as const;

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

/** A point on the lane from one server to another; lanes keep to their right, so that two ways part. */
export function onLane(from: Point, to: Point, share: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const right = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  const inset = STAGE.radius + 26;
  const along = inset + (length - 2 * inset) * share;
  return {
    x: from.x + ((to.x - from.x) * along) / length + right.x * 15,
    y: from.y + ((to.y - from.y) * along) / length + right.y * 15,
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

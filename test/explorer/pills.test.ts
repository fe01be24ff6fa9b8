import { expect, test } from "vitest";
import { LESSONS } from "../../src/explorer/lessons/index.ts";
import { nextRandom, randomFrom, stepAtRandom } from "../../src/explorer/model/chance.ts";
import { optionsOf } from "../../src/explorer/model/choices.ts";
import type { Frame } from "../../src/explorer/model/frame.ts";
import { playLesson } from "../../src/explorer/model/lesson-session.ts";
import type { Envelope } from "../../src/explorer/model/network.ts";
import { frameOf, make, newSession, type Session } from "../../src/explorer/model/session.ts";
import { viewOf } from "../../src/explorer/model/view.ts";
import { lanesOf, onLane, type Point, placesOf, STAGE } from "../../src/explorer/page/geometry.ts";
import { PILL_HEIGHT, type Pill, pillsOf } from "../../src/explorer/page/pills.ts";

function framesOf({ path }: Session): readonly Frame[] {
  return Array.from({ length: path.length }, (_, place) => path.at(place));
}

/** Steps that the page would take by itself. */
function runAtRandom(session: Session, steps: number): Session {
  let random = randomFrom(steps);
  let now = session;
  for (let taken = 0; taken < steps; taken++) {
    random = nextRandom(random);
    const frame = frameOf(now);
    const view = viewOf(frame.state, now.spec.servers, now.spec.names);
    const option = stepAtRandom(optionsOf(frame, now.spec), frame, view, random);
    const next = option === null ? now : make(now, { kind: "step", choice: option.choice });
    if (typeof next === "string") throw new Error(next);
    now = next;
  }
  return now;
}

function overlap(some: Pill, other: Pill): boolean {
  const [across, down] = [some.place.x - other.place.x, some.place.y - other.place.y];
  return Math.abs(across) * 2 < some.width + other.width && Math.abs(down) < PILL_HEIGHT;
}

/** Pairs of messages that cover one another, and messages that cover a server. */
function covered(servers: readonly string[], { network }: Frame): readonly string[] {
  const places = placesOf(servers);
  const pills = pillsOf(network.inFlight, places);
  expect(pills.length).toBe(network.inFlight.length);
  return pills.flatMap((pill, i) => {
    const { x, y } = pill.place;
    const onServers = [...places].filter(([, at]) => {
      const across = Math.max(0, Math.abs(at.x - x) - pill.width / 2);
      const down = Math.max(0, Math.abs(at.y - y) - PILL_HEIGHT / 2);
      return Math.hypot(across, down) < STAGE.radius;
    });
    const others = pills.slice(i + 1).filter((other) => overlap(pill, other));
    const isOut = x - pill.width / 2 < 0 || x + pill.width / 2 > STAGE.width;
    return [
      ...others.map((other) => `${pill.label} and ${other.label}`),
      ...onServers.map(([server]) => `${pill.label} on ${server}`),
      ...(isOut ? [`${pill.label} is outside`] : []),
    ];
  });
}

test.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))(
  "in the lesson %s no message covers another, or a server",
  (_id, lesson) => {
    const { session } = playLesson(lesson);
    for (const [place, frame] of framesOf(session).entries()) {
      expect(covered(session.spec.servers, frame), `step ${place}`).toEqual([]);
    }
  },
);

test.each([2, 3, 5, 7])("nor does it among %i servers that take steps at random", (size) => {
  const session = runAtRandom(newSession(size), 150);
  for (const [place, frame] of framesOf(session).entries()) {
    expect(covered(session.spec.servers, frame), `step ${place}`).toEqual([]);
  }
});

// To seek a place takes its time: for thousands it would be seconds of each frame.
test("where thousands are on their way, as in a long recorded trace, most stay on their lanes", () => {
  const places = placesOf(["s1", "s2", "s3"]);
  const inFlight = Array.from({ length: 2000 }, (_, place): Envelope => {
    const [from, to] = place % 2 === 0 ? ["s1", "s2"] : ["s2", "s3"];
    const message = { id: `s1:${place}:1`, from, to, term: 1, voteGranted: true };
    return { message: { ...message, type: "RequestVoteResponse" }, copies: 1, isHeld: false };
  });
  const at = (server: string): Point => places.get(server) ?? { x: 0, y: 0 };
  const onTheirLanes = lanesOf(inFlight).flatMap((lane) =>
    lane.map(({ message: { from, to } }, i) => onLane(at(from), at(to), i, lane.length)),
  );
  const pills = pillsOf(inFlight, places);
  expect(pills).toHaveLength(2000);
  const beside = pills.filter(({ place }, i) => {
    const own = onTheirLanes[i] ?? place;
    return Math.hypot(place.x - own.x, place.y - own.y) > 1;
  });
  expect(beside.length).toBeGreaterThan(100);
  expect(beside.length).toBeLessThanOrEqual(200);
});

/** The servers and the messages between them, for a picture. */
import type { Frame } from "../../model/frame.ts";
import { type Envelope, isCut } from "../../model/network.ts";
import type { ClusterView, ViewedServer } from "../../model/view.ts";
import {
  extentOf,
  laneOf,
  lanesOf,
  lineBetween,
  type Point,
  placesOf,
  STAGE,
} from "../geometry.ts";
import { PILL_HEIGHT, type Pill, pillsOf } from "../pills.ts";
import { BAD, colourOf, element, INK, LINE, paleColourOf, SOFT, text, WHITE } from "./svg.ts";

export function stageHeight(view: ClusterView): number {
  return extentOf(placesOf([...view.servers.keys()])).height;
}

/** As wide as STAGE. */
export function stagePicture(frame: Frame, view: ClusterView): string {
  const servers = [...view.servers.keys()];
  const places = placesOf(servers);
  const all = shapes(frame, view, servers, places);
  return element("g", { transform: `translate(0 ${-extentOf(places).top})` }, ...all);
}

function shapes(
  frame: Frame,
  view: ClusterView,
  servers: readonly string[],
  places: ReadonlyMap<string, Point>,
): string[] {
  const at = (server: string): Point => places.get(server) ?? { x: 0, y: 0 };
  const { network } = frame;
  return [
    ...links(servers, at, (from, to) => isCut(network, from, to) || isCut(network, to, from)),
    ...partition(places, network.groups),
    ...[...view.servers].map(([server, { votedFor }]) => vote(server, votedFor, at(server))),
    ...lanesOf(network.inFlight).flatMap((lane) => lanePicture(lane, at, frame)),
    ...pillsOf(network.inFlight, places).map((pill) => pillPicture(pill, frame)),
    ...[...view.servers].map(([server, state]) => serverPicture(server, state, at(server), frame)),
  ];
}

function links(
  servers: readonly string[],
  at: (server: string) => Point,
  isCutOff: (from: string, to: string) => boolean,
): readonly string[] {
  return servers.flatMap((from, i) =>
    servers.slice(i + 1).map((to) => {
      const [a, b] = [at(from), at(to)];
      const dashes = isCutOff(from, to) ? "3 7" : null;
      return element("line", {
        ...{ x1: a.x, y1: a.y, x2: b.x, y2: b.y },
        ...{ stroke: LINE, "stroke-width": 1.2, "stroke-dasharray": dashes },
      });
    }),
  );
}

function partition(
  places: ReadonlyMap<string, Point>,
  groups: readonly (readonly string[])[] | null,
): readonly string[] {
  const line = groups === null ? null : lineBetween(places, groups);
  if (line === null) return [];
  const [a, b] = line;
  const stroke = { stroke: BAD, "stroke-width": 2.5, "stroke-dasharray": "12 7" };
  return [element("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, ...stroke })];
}

/** An arrow to the receiver. */
function lanePicture(
  lane: readonly Envelope[],
  at: (server: string) => Point,
  { network }: Frame,
): readonly string[] {
  const [first] = lane;
  if (first === undefined) return [];
  const { from, to } = first.message;
  const { start, end, head } = laneOf(at(from), at(to));
  const isCutOff = isCut(network, from, to);
  return [
    element("line", {
      ...{ x1: start.x, y1: start.y, x2: end.x, y2: end.y },
      ...{ stroke: SOFT, "stroke-width": 1.2, "stroke-dasharray": isCutOff ? "4 3" : null },
    }),
    element("path", { d: head, fill: SOFT }),
  ];
}

function pillPicture({ envelope, label, place, width }: Pill, { network }: Frame): string {
  const { message, isHeld, isLost = false } = envelope;
  const { x, y } = place;
  const isPale = isHeld || isLost || isCut(network, message.from, message.to);
  return [
    element("rect", {
      ...{ x: x - width / 2, y: y - PILL_HEIGHT / 2, width, height: PILL_HEIGHT },
      rx: message.type.includes("Vote") ? 11 : 3,
      fill: isPale ? WHITE : paleColourOf(message.term),
      ...{ stroke: colourOf(message.term), "stroke-width": 1.5 },
      "stroke-dasharray": isPale ? "4 3" : null,
    }),
    text(label, x, y + 4.3, { "font-size": 12, "font-weight": 600 }),
  ].join("");
}

function serverPicture(
  server: string,
  { role, currentTerm }: ViewedServer,
  { x, y }: Point,
  { network, step }: Frame,
): string {
  const { radius } = STAGE;
  const isDown = network.down.has(server);
  const colour = isDown ? SOFT : colourOf(currentTerm);
  const isActor = step?.event.server === server;
  const circle = { cx: x, cy: y, stroke: colour };
  const dashes = isDown ? "2 5" : role === "Candidate" ? "7 4" : null;
  return [
    ...(role === "Leader" && !isDown
      ? [element("circle", { ...circle, r: radius + 7, fill: "none", "stroke-width": 2.2 })]
      : []),
    element("circle", {
      ...circle,
      r: radius,
      fill: isDown ? WHITE : paleColourOf(currentTerm),
      "stroke-width": isActor ? 4.5 : 2.2,
      "stroke-dasharray": dashes,
    }),
    text(server, x, y - 13, { "font-size": 17, "font-weight": 700 }),
    text(isDown ? "down" : role, x, y + 5),
    text(`term ${currentTerm}`, x, y + 22, { fill: SOFT }),
  ].join("");
}

/** On white, so that a line behind it does not cross the letters. */
function vote(server: string, votedFor: string | null, place: Point): string {
  if (votedFor === null) return "";
  const { x } = place;
  const y = place.y + STAGE.radius + 21;
  const words = `voted for ${votedFor === server ? "itself" : votedFor}`;
  const width = 6.1 * words.length + 6;
  return (
    element("rect", { x: x - width / 2, y: y - 11, width, height: 15, fill: WHITE }) +
    text(words, x, y, { "font-size": 12, fill: INK })
  );
}

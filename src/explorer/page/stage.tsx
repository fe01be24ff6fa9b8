/** The servers and the messages between them. */
import { useRef, useState } from "preact/hooks";
import type { Frame } from "../model/frame.ts";
import { isCut } from "../model/network.ts";
import type { Session } from "../model/session.ts";
import {
  extentOf,
  laneOf,
  lanesOf,
  lineBetween,
  type Point,
  placesOf,
  STAGE,
  sidesOf,
} from "./geometry.ts";
import { MessageMark, ServerMark } from "./marks.tsx";
import { pillsOf } from "./pills.ts";
import { type Picked, store, viewAt } from "./store.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
  readonly picked: Picked | null;
}

/** A line that is being dragged. */
interface Drag {
  readonly start: Point;
  readonly end: Point;
}

const SHORTEST_DRAG = 60;

export function Stage({ session, frame, picked }: Props) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const view = viewAt(session, frame);
  const places = placesOf(session.spec.servers);
  const at = (server: string): Point => places.get(server) ?? { x: 0, y: 0 };
  const { network } = frame;
  const { top, height } = extentOf(places);

  const pointOf = (event: PointerEvent): Point => {
    const matrix = svg.current?.getScreenCTM()?.inverse();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    return { x: point.x, y: point.y };
  };
  const begin = (event: PointerEvent): void => {
    const isGround = event.target === svg.current;
    if (!isGround || frame.cluster === null) return;
    const start = pointOf(event);
    svg.current?.setPointerCapture(event.pointerId);
    setDrag({ start, end: start });
  };
  const end = (): void => {
    if (drag === null) return;
    setDrag(null);
    const { start, end: last } = drag;
    if (Math.hypot(last.x - start.x, last.y - start.y) < SHORTEST_DRAG) {
      store.set({ picked: null });
      return;
    }
    const groups = sidesOf(places, start, last);
    if (groups !== null) store.move({ kind: "partition", groups });
  };

  return (
    <svg
      ref={svg}
      class="stage"
      viewBox={`0 ${top} ${STAGE.width} ${height}`}
      role="group"
      aria-label="Servers and messages"
      onPointerDown={begin}
      onPointerMove={(event) => drag !== null && setDrag({ ...drag, end: pointOf(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      <Links places={places} isCutOff={(from, to) => isCut(network, from, to)} />
      {network.groups !== null && <Partition places={places} groups={network.groups} />}
      {drag !== null && (
        <line class="cutting" x1={drag.start.x} y1={drag.start.y} x2={drag.end.x} y2={drag.end.y} />
      )}
      {lanesOf(network.inFlight).flatMap(([first]) => {
        if (first === undefined) return [];
        const { from, to } = first.message;
        const isOut = isCut(network, from, to);
        return [<Lane key={`${from} ${to}`} from={at(from)} to={at(to)} isCut={isOut} />];
      })}
      {pillsOf(network.inFlight, places).map((pill) => {
        const { id, from, to } = pill.envelope.message;
        return (
          <MessageMark
            key={id}
            pill={pill}
            isCut={isCut(network, from, to)}
            isPicked={picked?.kind === "message" && picked.id === id}
          />
        );
      })}
      {[...view.servers].map(([server, state]) => (
        <ServerMark
          key={server}
          server={server}
          state={state}
          place={at(server)}
          waited={frame.timers.get(server) ?? null}
          isDown={network.down.has(server)}
          isActor={frame.step?.event.server === server}
          isPicked={picked?.kind === "server" && picked.id === server}
        />
      ))}
    </svg>
  );
}

/** The way that messages from one server to another take, with an arrow to the receiver. */
function Lane({
  from,
  to,
  isCut,
}: {
  readonly from: Point;
  readonly to: Point;
  readonly isCut: boolean;
}) {
  const { start, end, head } = laneOf(from, to);
  return (
    <g class={isCut ? "lane cut" : "lane"}>
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
      <path d={head} />
    </g>
  );
}

interface LinksProps {
  readonly places: ReadonlyMap<string, Point>;
  readonly isCutOff: (from: string, to: string) => boolean;
}

function Links({ places, isCutOff }: LinksProps) {
  const all = [...places];
  const pairs = all.flatMap(([from, a], i) =>
    all.slice(i + 1).map(([to, b]) => ({ from, to, a, b })),
  );
  return (
    <g class="links">
      {pairs.map(({ from, to, a, b }) => (
        <line
          key={`${from} ${to}`}
          class={isCutOff(from, to) || isCutOff(to, from) ? "cut" : ""}
          x1={a.x}
          y1={a.y}
          x2={b.x}
          y2={b.y}
        />
      ))}
    </g>
  );
}

interface PartitionProps {
  readonly places: ReadonlyMap<string, Point>;
  readonly groups: readonly (readonly string[])[];
}

function Partition({ places, groups }: PartitionProps) {
  const line = lineBetween(places, groups);
  if (line === null) return null;
  return <line class="partition" x1={line[0].x} y1={line[0].y} x2={line[1].x} y2={line[1].y} />;
}

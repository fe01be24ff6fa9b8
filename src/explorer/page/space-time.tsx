/** Servers as lines, steps as marks, messages as arrows, terms as bands: time goes to the right. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { TraceEvent } from "../../trace/format.ts";
import type { Session } from "../model/session.ts";
import { type Drawing, drawingOf, ROW, STEP } from "../model/space-time.ts";
import { store } from "./store.ts";

const LEFT = 34;
const USUAL_WIDTH = 1200;

export function SpaceTime({ session }: { readonly session: Session }) {
  const { path, position, spec } = session;
  const [width, setWidth] = useState(USUAL_WIDTH);
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const { current } = svg;
    if (current === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(200, current.clientWidth)));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  // As many steps are drawn as there is room for: those around where one is.
  const steps = Math.floor((width - LEFT) / STEP) - 1;
  const last = path.length - 1;
  const first = Math.max(0, Math.min(position - Math.floor(steps * 0.7), last - steps));
  const drawing = drawingOf(path, spec.servers, first, Math.min(last, first + steps));
  const height = ROW * spec.servers.length + 6;
  const y = (server: string): number => ROW * (spec.servers.indexOf(server) + 0.5) + 3;
  const x = (place: number): number => LEFT + STEP * (place - first + 0.5);
  return (
    <svg
      ref={svg}
      class="space-time"
      viewBox={`0 0 ${width} ${height}`}
      style={{ height: `${height}px` }}
      role="img"
      aria-label={`Space-time diagram of steps ${first} to ${Math.min(last, first + steps)}`}
    >
      <Bands drawing={drawing} x={x} y={y} />
      <rect class="now" x={x(position) - STEP / 2} y={0} width={STEP} height={height} />
      {spec.servers.map((server) => (
        <g key={server}>
          <line class="life" x1={LEFT} x2={width} y1={y(server)} y2={y(server)} />
          <text x={4} y={y(server) + 4}>
            {server}
          </text>
        </g>
      ))}
      {drawing.arrows.map(({ id, from, to, sent, landed }) => (
        <line
          key={`${id} ${landed}`}
          class={landed === null ? "arrow lost" : "arrow"}
          x1={x(sent)}
          y1={y(from)}
          x2={x(landed ?? sent + 1.2)}
          y2={landed === null ? y(from) + (y(to) - y(from)) * 0.3 : y(to)}
        />
      ))}
      {drawing.marks.map(({ place, event, isWrong }) => (
        <Mark
          key={place}
          event={event}
          x={x(place)}
          y={y(event.server)}
          isWrong={isWrong}
          onPick={() => store.goTo(place)}
        />
      ))}
    </svg>
  );
}

interface MarkProps {
  readonly event: TraceEvent;
  readonly x: number;
  readonly y: number;
  readonly isWrong: boolean;
  readonly onPick: () => void;
}

function Mark({ event, x, y, isWrong, onPick }: MarkProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the slider goes to the same places by key
    <g class={isWrong ? "mark wrong" : "mark"} onClick={onPick}>
      <title>{`${event.server} ${event.action}`}</title>
      <circle cx={x} cy={y} r={9} class="hit" />
      {shapeOf(event.action, x, y)}
    </g>
  );
}

/** Actions are told apart by shape: an election, what clients and leaders do, a receipt. */
function shapeOf(action: string, x: number, y: number) {
  if (action === "Timeout")
    return <path d={`M${x} ${y - 6}L${x + 6} ${y + 5}L${x - 6} ${y + 5}Z`} />;
  if (action === "BecomeLeader") {
    return <path d={`M${x} ${y - 7}L${x + 6} ${y}L${x} ${y + 7}L${x - 6} ${y}Z`} />;
  }
  if (action === "Restart")
    return <path class="cross" d={`M${x - 5} ${y - 5}l10 10m0 -10l-10 10`} />;
  if (action.startsWith("Handle")) return <circle cx={x} cy={y} r={3.6} />;
  return <rect x={x - 4} y={y - 4} width={8} height={8} />;
}

interface BandProps {
  readonly drawing: Drawing;
  readonly x: (place: number) => number;
  readonly y: (server: string) => number;
}

function Bands({ drawing, x, y }: BandProps) {
  return (
    <g class="bands">
      {drawing.bands.map(({ server, term, from, to }) => (
        <g key={`${server} ${from}`} data-term={term % 8}>
          <rect
            x={x(from) - STEP / 2}
            y={y(server) - ROW / 2 + 2}
            width={STEP * (to - from + 1)}
            height={ROW - 4}
          />
          {to - from > 0 && (
            <text x={x(from) - STEP / 2 + 3} y={y(server) - ROW / 2 + 11}>
              {term}
            </text>
          )}
        </g>
      ))}
    </g>
  );
}

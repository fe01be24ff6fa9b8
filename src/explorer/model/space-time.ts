/** What the space-time diagram shows of a part of an execution. */
import type { ServerId } from "../../core/index.ts";
import type { TraceEvent } from "../../trace/format.ts";
import type { Path } from "./path.ts";

/** Sizes in the drawing. */
export const STEP = 22;
export const ROW = 22;

export interface Drawing {
  readonly marks: readonly {
    readonly place: number;
    readonly event: TraceEvent;
    /** Whether spec and code part at it, or a property falls. */
    readonly isWrong: boolean;
  }[];
  readonly arrows: readonly {
    readonly id: string;
    readonly from: ServerId;
    readonly to: ServerId;
    readonly sent: number;
    /** Null where nobody has received it yet. */
    readonly landed: number | null;
  }[];
  /** In which term a server was, from one place to another. */
  readonly bands: readonly {
    readonly server: ServerId;
    readonly term: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** The steps from one place to another, both included. */
export function drawingOf(
  path: Path,
  servers: readonly ServerId[],
  first: number,
  last: number,
): Drawing {
  const marks: Drawing["marks"][number][] = [];
  const arrows: Drawing["arrows"][number][] = [];
  const sent = new Map<string, { from: ServerId; to: ServerId; place: number }>();
  const landed = new Set<string>();
  const lost = path.fallenAt(last);
  const wrong = new Set([...lost.values(), path.divergesAt ?? -1]);
  for (let place = Math.max(1, first); place <= last; place++) {
    const step = path.stepAt(place);
    if (step === null) continue;
    const { event, received } = step;
    marks.push({ place, event, isWrong: wrong.has(place) });
    for (const message of event.sent ?? []) {
      sent.set(message.id, { from: message.from, to: message.to, place });
    }
    if (received !== null && event.received !== undefined) {
      const id = event.received;
      landed.add(id);
      const start = sent.get(id)?.place ?? first;
      arrows.push({ id, from: received.from, to: received.to, sent: start, landed: place });
    }
  }
  for (const [id, { from, to, place }] of sent) {
    if (!landed.has(id)) arrows.push({ id, from, to, sent: place, landed: null });
  }
  return { marks, arrows, bands: bandsOf(path, servers, first, last) };
}

/** Terms as bands: a server's term before `first` is read once, the rest of what steps changed. */
function bandsOf(
  path: Path,
  servers: readonly ServerId[],
  first: number,
  last: number,
): Drawing["bands"] {
  const bands: Drawing["bands"][number][] = [];
  const open = new Map<ServerId, { term: number; from: number }>(
    servers.map((server) => [server, { term: path.termAt(first, server), from: first }]),
  );
  const close = (server: ServerId, to: number): void => {
    const band = open.get(server);
    if (band !== undefined && band.term > 0 && to >= band.from) {
      bands.push({ server, term: band.term, from: band.from, to });
    }
  };
  for (let place = first + 1; place <= last; place++) {
    const event = path.stepAt(place)?.event;
    const term = event?.changed?.currentTerm;
    if (event === undefined || term === undefined) continue;
    close(event.server, place - 1);
    open.set(event.server, { term, from: place });
  }
  for (const server of servers) close(server, last);
  return bands;
}

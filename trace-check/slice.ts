/**
 * A causally closed subset of a trace that still diverges in the same way: what the diverging event
 * rests on, the events that this rests on, and so on, with what turns out to be missing. The steps of
 * each server are numbered anew.
 */
import { TraceFormatError } from "../src/trace/error.ts";
import type { TraceEvent } from "../src/trace/format.ts";
import { parseTrace } from "../src/trace/reader.ts";
import { traceText } from "../src/trace/writer.ts";
import { directCauses } from "./causes.ts";
import { judge } from "./compiled/engine.ts";
import type { Divergence, TraceToCheck } from "./engine.ts";

/** Beyond these there is little to gain over a shorter prefix, and much to try. */
const MOST_KEPT = 2_000;
const MOST_JUDGED = 1_000_000;
/** With so few, each of them is tried for whether it is needed. */
const FEW = 300;

/**
 * @param trace of one header for all servers
 * @returns null where none was found with a bounded effort
 */
export function sliceOf(trace: TraceToCheck, divergence: Divergence): TraceToCheck | null {
  const slice = new Slice(trace, divergence);
  return slice.find() ? slice.trace() : null;
}

class Slice {
  readonly #trace: TraceToCheck;
  readonly #divergence: Divergence;
  readonly #kept = new Set<number>();
  #judged = 0;

  constructor(trace: TraceToCheck, divergence: Divergence) {
    this.#trace = trace;
    this.#divergence = divergence;
  }

  /** Adds what is missing until the last event diverges as it did, then leaves out what is not needed. */
  find(): boolean {
    if (this.#isEnough()) return true;
    this.#add(this.#divergence.event);
    for (;;) {
      const places = this.#places();
      if (places.length > MOST_KEPT || this.#judged > MOST_JUDGED) return false;
      const found = this.#judge(places);
      const diverges = this.#diverges(found, places);
      const malformed = diverges ? this.#malformedAt(places) : null;
      if (diverges && malformed === null) break;
      const place = malformed ?? places[found?.event ?? places.length - 1];
      const amiss = malformed === null ? found?.findings.map(({ name }) => name) : ["log"];
      if (!this.#addBefore(place ?? this.#divergence.event, new Set(amiss))) return false;
    }
    if (this.#kept.size <= FEW) this.#leaveOut();
    return true;
  }

  /**
   * Whether the event diverges by itself, as a receipt of what nobody has sent does in any state: it
   * is kept then.
   */
  #isEnough(): boolean {
    if (this.#divergence.kind !== "notSent") return false;
    const places = [this.#divergence.event];
    if (!this.#isSame(this.#judge(places), places)) return false;
    this.#kept.add(this.#divergence.event);
    return true;
  }

  trace(): TraceToCheck {
    return renumbered(this.#trace, this.#places());
  }

  #places(): readonly number[] {
    return [...this.#kept].sort((a, b) => a - b);
  }

  #judge(places: readonly number[]): Divergence | null {
    this.#judged += places.length;
    return judge(renumbered(this.#trace, places)).divergence;
  }

  /** Whether the last event diverges as it did, and what is left can be read again. */
  #isSame(found: Divergence | null, places: readonly number[]): boolean {
    return this.#diverges(found, places) && this.#malformedAt(places) === null;
  }

  #diverges(found: Divergence | null, places: readonly number[]): boolean {
    const { kind, action, server } = this.#divergence;
    return (
      found !== null &&
      found.event === places.length - 1 &&
      found.kind === kind &&
      found.action === action &&
      found.server === server &&
      namesOf(found) === namesOf(this.#divergence)
    );
  }

  /**
   * The event that cannot be read again; null for none. One that diverges may change a log from an
   * index that is not there any more: what brought the entries before it has to stay.
   */
  #malformedAt(places: readonly number[]): number | null {
    const { header, events, name } = renumbered(this.#trace, places);
    try {
      parseTrace(traceText(header, events), name);
      return null;
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      // The header is the first line.
      return places[error.line - 2] ?? this.#divergence.event;
    }
  }

  /** Keeps an event and all that it rests on. */
  #add(place: number): void {
    const waiting = [place];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (this.#kept.has(next)) continue;
      this.#kept.add(next);
      if (this.#kept.size > MOST_KEPT) return;
      waiting.push(...directCauses(this.#trace.events, next, this.#trace.header.variables, true));
    }
  }

  /** Keeps one more step of the server before a place: one that changed what is amiss there. */
  #addBefore(place: number, names: ReadonlySet<string>): boolean {
    const { events } = this.#trace;
    const server = events[place]?.server;
    let other: number | undefined;
    for (let before = place - 1; before >= 0; before--) {
      const event = events[before];
      if (event?.server !== server || this.#kept.has(before)) continue;
      const changed = Object.keys(event?.changed ?? {});
      if (changed.some((name) => names.has(name))) {
        this.#add(before);
        return true;
      }
      if (changed.length > 0) other ??= before;
    }
    if (other === undefined) return false;
    this.#add(other);
    return true;
  }

  /** Leaves out each event, with the receipts of what it sent, that the divergence does not need. */
  #leaveOut(): void {
    for (let isShorter = true; isShorter; ) {
      isShorter = false;
      for (const place of this.#places().toReversed()) {
        const without = this.#without(place);
        if (without === null || !this.#isSame(this.#judge(without), without)) continue;
        this.#kept.clear();
        for (const each of without) this.#kept.add(each);
        isShorter = true;
      }
    }
  }

  #without(place: number): readonly number[] | null {
    if (!this.#kept.has(place) || place === this.#divergence.event) return null;
    const gone = new Set<string>();
    const left = this.#places().filter((each) => {
      const event = this.#trace.events[each];
      const isOrphan = event?.received !== undefined && gone.has(event.received);
      if (each !== place && !isOrphan) return true;
      for (const { id } of event?.sent ?? []) gone.add(id);
      return false;
    });
    return left.at(-1) === this.#divergence.event ? left : null;
  }
}

/** The events at some places as a trace of their own: numbers and ids begin anew. */
function renumbered(trace: TraceToCheck, places: readonly number[]): TraceToCheck {
  const counts = new Map<string, number>();
  const ids = new Map<string, string>();
  const events = places.flatMap((place): readonly TraceEvent[] => {
    const event = trace.events[place];
    if (event === undefined) return [];
    const seq = (counts.get(event.server) ?? 0) + 1;
    counts.set(event.server, seq);
    const { received, sent } = event;
    return [
      {
        ...event,
        seq,
        ...(received === undefined ? {} : { received: ids.get(received) ?? received }),
        ...(sent === undefined
          ? {}
          : {
              sent: sent.map((message, number) => {
                const id = `${event.server}:${seq}:${number + 1}`;
                ids.set(message.id, id);
                return { ...message, id };
              }),
            }),
        ...(seq === event.seq ? {} : { note: `${event.server} #${event.seq}` }),
      },
    ];
  });
  return { ...trace, events };
}

function namesOf({ findings }: Divergence): string {
  return findings.map(({ name }) => name).join();
}

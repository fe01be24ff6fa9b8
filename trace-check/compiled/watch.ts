/** A trace held against the spec while the execution goes on: no file, and no trace in memory. */
import { EvaluationError, RefusedError } from "../../src/engine/errors.ts";
import type { State } from "../../src/engine/spec.ts";
import type { TraceEvent, TraceHeader } from "../../src/trace/format.ts";
import { type Divergence, EngineError } from "../engine.ts";
import { Names } from "../prepare.ts";
import type { PrintedVerdict } from "../tlc/output.ts";
import { verdictOf } from "../tlc/verdict.ts";
import { EventStream } from "./event-stream.ts";
import { TraceWalk } from "./walk.ts";

/** Takes the events of one execution as they happen. */
export class Watch {
  readonly #name: string;
  readonly #header: TraceHeader;
  readonly #names: Names;
  readonly #stream: EventStream;
  readonly #walk: TraceWalk;
  #now: State;
  #divergence: Divergence | null = null;
  #events = 0;

  constructor(name: string, header: TraceHeader) {
    this.#name = name;
    this.#header = header;
    this.#names = new Names(header.servers);
    // What will be received is not known yet: no message is forgotten.
    this.#stream = new EventStream(this.#names, null);
    this.#walk = new TraceWalk({ name, header }, this.#names, this.#stream);
    this.#now = this.#walk.initial();
  }

  /** The first event that is no step of the spec; null while all are. */
  get divergence(): Divergence | null {
    return this.#divergence;
  }

  /** How many events it has taken. */
  get events(): number {
    return this.#events;
  }

  /** Takes the next event. After the first that diverges it takes no more. */
  take(event: TraceEvent): void {
    if (this.#divergence !== null) return;
    const step = this.#step(event);
    this.#events++;
    if ("kind" in step) this.#divergence = this.#divergenceAt(step, event);
    else this.#now = step.after;
  }

  #step(event: TraceEvent): ReturnType<TraceWalk["step"]> {
    try {
      this.#stream.take(event);
      return this.#walk.step(this.#now, this.#events);
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof RefusedError) {
        throw new EngineError(
          `the compiled spec has no value on ${this.#name}, saying:\n${error.message}`,
        );
      }
      throw error;
    }
  }

  #divergenceAt(printed: PrintedVerdict, event: TraceEvent): Divergence | null {
    const events: TraceEvent[] = [];
    events[printed.position - 1] = event;
    const trace = { name: this.#name, header: this.#header, events };
    return verdictOf(printed, trace, { names: this.#names }).divergence;
  }
}

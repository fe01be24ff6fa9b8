/** The compiled spec taken through events as they are read, and what is counted on the way. */
import type { State } from "../../src/engine/spec.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { noCoverage } from "../coverage.ts";
import type { FileCheck } from "../engine.ts";
import type { Names } from "../prepare.ts";
import type { EventStream } from "./event-stream.ts";
import { addAnswers, noAnswers } from "./rule-counts.ts";
import { type TraceToWalk, TraceWalk } from "./walk.ts";

export class StreamedWalk {
  readonly #trace: TraceToWalk;
  readonly #stream: EventStream;
  readonly #walk: TraceWalk;
  readonly #coverage = noCoverage();
  readonly #answers: ReturnType<typeof noAnswers> | null;
  #now: State;
  #place = 0;

  /** @param rules those of which to count what they answer; null for none */
  constructor(
    trace: TraceToWalk,
    names: Names,
    stream: EventStream,
    rules: readonly string[] | null,
  ) {
    this.#trace = trace;
    this.#stream = stream;
    this.#walk = new TraceWalk(trace, names, stream);
    this.#answers = rules === null ? null : noAnswers(rules);
    this.#now = this.#walk.initial();
  }

  /** Takes the next events; false where one of them is no step of the spec. */
  take(events: readonly TraceEvent[]): boolean {
    for (const event of events) {
      this.#stream.take(event);
      const step = this.#walk.step(this.#now, this.#place);
      if ("kind" in step) return false;
      if (this.#answers !== null) {
        addAnswers(this.#answers, this.#walk.ruleAnswers(this.#now, step.after, this.#place));
      }
      this.#coverage[event.action]++;
      this.#now = step.after;
      this.#place++;
    }
    return true;
  }

  /** What came of the events, all of which are steps of the spec. No events are no trace. */
  result(): FileCheck {
    if (this.#place === 0) return { kind: "whole" };
    const { header } = this.#trace;
    const counted = { coverage: this.#coverage, rules: this.#answers };
    return { kind: "valid", header, events: this.#place, ...counted };
  }
}

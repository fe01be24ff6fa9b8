/** An execution as one walks through it: its moments, by their place. */
import type { ServerId } from "../../core/index.ts";
import type { Frame, TakenStep } from "./frame.ts";

/** For each property that has fallen, the place of the step that broke it. */
export type Fallen = ReadonlyMap<string, number>;

export interface Path {
  /** How many moments there are: one more than steps. Never 0. */
  readonly length: number;
  at(place: number): Frame;
  /** The step that led to a moment, which costs less than the moment. */
  stepAt(place: number): TakenStep | null;
  /** The term of a server at a moment. */
  termAt(place: number, server: ServerId): number;
  /** The properties that have fallen up to a moment. */
  fallenAt(place: number): Fallen;
  /** The place of the step at which spec and code part; null where they do not. */
  readonly divergesAt: number | null;
}

/** A path that grows by one moment at a time, and shares what it has with others. */
export class GrownPath implements Path {
  readonly #frames: readonly Frame[];
  readonly #fallen: readonly Fallen[];

  private constructor(frames: readonly Frame[], fallen: readonly Fallen[]) {
    this.#frames = frames;
    this.#fallen = fallen;
  }

  static from(first: Frame): GrownPath {
    return new GrownPath([first], [new Map()]);
  }

  /** The path up to a place, with one moment more. */
  with(place: number, next: Frame): GrownPath {
    const fallen = this.#fallen.slice(0, place + 1);
    const before = fallen.at(-1) ?? new Map<string, number>();
    const news = next.broken.filter((name) => !before.has(name));
    const after =
      news.length === 0
        ? before
        : new Map([...before, ...news.map((name) => [name, place + 1] as const)]);
    return new GrownPath([...this.#frames.slice(0, place + 1), next], [...fallen, after]);
  }

  get length(): number {
    return this.#frames.length;
  }

  at(place: number): Frame {
    const frame = this.#frames[place];
    if (frame === undefined) throw new RangeError(`there is no moment ${place}`);
    return frame;
  }

  stepAt(place: number): TakenStep | null {
    return this.#frames[place]?.step ?? null;
  }

  termAt(place: number, server: ServerId): number {
    return this.at(place).cluster?.get(server)?.currentTerm ?? 0;
  }

  fallenAt(place: number): Fallen {
    return this.#fallen[place] ?? new Map();
  }

  get divergesAt(): number | null {
    const place = this.#frames.findIndex(({ step }) => step?.divergence != null);
    return place < 0 ? null : place;
  }
}

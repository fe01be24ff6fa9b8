/** An execution that grows: a path of moments, where one is in it, and paths that were left. */
import type { ServerId } from "../../core/index.ts";
import { type Frame, firstFrame, nextFrame } from "./frame.ts";
import type { Move } from "./move.ts";
import { SpecSide } from "./spec-side.ts";

export interface Session {
  readonly spec: SpecSide;
  /** Never empty; the first has no move. */
  readonly path: readonly Frame[];
  readonly position: number;
  /** Futures that were left by a step from their past, the latest first. */
  readonly branches: readonly (readonly Frame[])[];
}

const MOST_BRANCHES = 12;

/** A cluster in which nothing has happened. */
export function newSession(size: number): Session {
  const servers = Array.from({ length: size }, (_, i): ServerId => `s${i + 1}`);
  const spec = new SpecSide(servers);
  return { spec, path: [firstFrame(servers, spec)], position: 0, branches: [] };
}

export function frameOf(session: Session): Frame {
  const frame = session.path[session.position];
  if (frame === undefined) throw new RangeError(`no moment ${session.position}`);
  return frame;
}

/** Makes a move where one is. In the past it leaves the known future, which stays as a branch. */
export function make(session: Session, move: Move): Session | string {
  const { path, position } = session;
  const known = path[position + 1];
  if (known !== undefined && JSON.stringify(known.move) === JSON.stringify(move)) {
    return { ...session, position: position + 1 };
  }
  const next = nextFrame(frameOf(session), move, session.spec);
  if (typeof next === "string") return next;
  return {
    ...session,
    path: [...path.slice(0, position + 1), next],
    position: position + 1,
    branches: known === undefined ? session.branches : kept(session),
  };
}

function kept({ branches, path }: Session): Session["branches"] {
  return [path, ...branches.filter((branch) => branch !== path)].slice(0, MOST_BRANCHES);
}

/** Makes moves, one after the other. */
export function makeAll(session: Session, moves: readonly Move[]): Session | string {
  let now: Session = session;
  for (const [place, move] of moves.entries()) {
    const next = make(now, move);
    if (typeof next === "string") return `move ${place + 1}: ${next}`;
    now = next;
  }
  return now;
}

export function goTo(session: Session, position: number): Session {
  const last = session.path.length - 1;
  return { ...session, position: Math.max(0, Math.min(last, position)) };
}

/** Goes over to a branch, at the last moment that it shares with the path. */
export function takeBranch(session: Session, branch: readonly Frame[]): Session {
  const { path } = session;
  let shared = 0;
  while (shared + 1 < branch.length && branch[shared + 1] === path[shared + 1]) shared++;
  return {
    ...session,
    path: branch,
    position: shared,
    branches: [path, ...session.branches.filter((each) => each !== branch && each !== path)],
  };
}

export function movesOf(path: readonly Frame[]): readonly Move[] {
  return path.flatMap(({ move }) => (move === null ? [] : [move]));
}

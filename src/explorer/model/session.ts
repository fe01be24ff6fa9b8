/** An execution, where one is in it, and the executions that were left for it. */
import type { ServerId } from "../../core/index.ts";
import { type Frame, firstFrame, nextFrame } from "./frame.ts";
import type { Move } from "./move.ts";
import { GrownPath, type Path } from "./path.ts";
import { SpecSide } from "./spec-side.ts";

export interface Session {
  readonly spec: SpecSide;
  readonly path: Path;
  readonly position: number;
  /** Futures that were left by a step from their past, the latest first. */
  readonly branches: readonly GrownPath[];
}

const MOST_BRANCHES = 12;

/** A cluster in which nothing has happened. */
export function newSession(size: number): Session {
  const servers = Array.from({ length: size }, (_, i): ServerId => `s${i + 1}`);
  const spec = new SpecSide(servers);
  return { spec, path: GrownPath.from(firstFrame(servers, spec)), position: 0, branches: [] };
}

export function frameOf({ path, position }: Session): Frame {
  return path.at(position);
}

/** Makes a move where one is. In the past it leaves the known future, which stays as a branch. */
export function make(session: Session, move: Move): Session | string {
  const { path, position, spec, branches } = session;
  if (!(path instanceof GrownPath)) return "a recorded trace is only looked at";
  const known = position + 1 < path.length ? path.at(position + 1) : null;
  if (known !== null && JSON.stringify(known.move) === JSON.stringify(move)) {
    return { ...session, position: position + 1 };
  }
  const next = nextFrame(frameOf(session), move, spec);
  if (typeof next === "string") return next;
  return {
    ...session,
    path: path.with(position, next),
    position: position + 1,
    branches: known === null ? branches : kept(branches, path),
  };
}

function kept(branches: readonly GrownPath[], path: GrownPath): readonly GrownPath[] {
  return [path, ...branches.filter((branch) => branch !== path)].slice(0, MOST_BRANCHES);
}

/** Makes moves, one after the other; says which of them cannot be made, and why. */
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
export function takeBranch(session: Session, branch: GrownPath): Session {
  const { path, branches } = session;
  if (!(path instanceof GrownPath)) return session;
  const others = branches.filter((each) => each !== branch);
  return { ...session, path: branch, position: forkOf(path, branch), branches: kept(others, path) };
}

/** The last place at which two paths are the same. */
export function forkOf(path: Path, branch: Path): number {
  const last = Math.min(path.length, branch.length) - 1;
  let shared = 0;
  while (shared < last && path.at(shared + 1) === branch.at(shared + 1)) shared++;
  return shared;
}

/** The moves that lead to a place. */
export function movesTo(path: Path, place: number): readonly Move[] {
  return Array.from({ length: place }, (_, i) => path.at(i + 1).move).filter(
    (move): move is Move => move !== null,
  );
}

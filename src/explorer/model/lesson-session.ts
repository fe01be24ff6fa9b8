/** A lesson played: its whole execution, and where in it each of its pages is. */
import type { Lesson } from "../lessons/lesson.ts";
import { play } from "./script.ts";
import { goTo, newSession, type Session } from "./session.ts";

export interface PlayedLesson {
  /** At its first page. */
  readonly session: Session;
  /** For each page, its place in the execution. */
  readonly places: readonly number[];
}

/** Plays a lesson. @throws Error where one of its moves is not possible: the lesson is wrong */
export function playLesson(lesson: Lesson): PlayedLesson {
  let session = newSession(lesson.servers);
  const places: number[] = [];
  for (const page of lesson.pages) {
    session = play(session, page.moves);
    places.push(session.position);
  }
  return { session: goTo(session, places[0] ?? 0), places };
}

/** Reading a lesson: its pages, one after the other. */
import { LESSONS } from "../lessons/index.ts";
import type { Lesson } from "../lessons/lesson.ts";
import { playLesson } from "../model/lesson-session.ts";
import { goTo } from "../model/session.ts";
import { type Reading, store } from "./store.ts";

export function lessonOf({ lesson }: Pick<Reading, "lesson">): Lesson | undefined {
  return LESSONS.find(({ id }) => id === lesson);
}

/** Opens a lesson at one of its pages. */
export function readLesson(id: string, page = 0): void {
  const lesson = lessonOf({ lesson: id });
  if (lesson === undefined) {
    store.set({ note: `There is no lesson ${id}.` });
    return;
  }
  const { session, places } = playLesson(lesson);
  store.show(session, {
    reading: { lesson: id, page: 0, places, session, answers: new Map() },
    said: `${lesson.title}. ${lesson.pages[0]?.text}`,
  });
  if (page > 0) turnTo(page);
  // The list may have been scrolled far down, where a phone would not show the lesson's first line.
  window.scrollTo(0, 0);
}

/** Goes to a page of the lesson, and back to its execution where one had left it. */
export function turnTo(page: number): void {
  const { reading } = store.state;
  const lesson = reading === null ? undefined : lessonOf(reading);
  const place = reading?.places[page];
  if (reading === null || lesson === undefined || place === undefined) return;
  store.set({
    session: goTo(reading.session, place),
    reading: { ...reading, page },
    picked: null,
    tab: "step",
    isRunning: false,
    note: null,
    said: lesson.pages[page]?.text ?? "",
  });
}

export function answer(page: number, chosen: number): void {
  const { reading } = store.state;
  if (reading === null) return;
  store.set({ reading: { ...reading, answers: new Map(reading.answers).set(page, chosen) } });
}

/** Whether one is still on the path of the lesson, and not on one's own. */
export function isOnPath(reading: Reading): boolean {
  return store.state.session.path === reading.session.path;
}

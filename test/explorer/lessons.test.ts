import { describe, expect, test } from "vitest";
import { LESSONS } from "../../src/explorer/lessons/index.ts";
import { playLesson } from "../../src/explorer/model/lesson-session.ts";

describe("each lesson", () => {
  test.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))(
    "%s plays to its end, with the lamps as its text says",
    (_id, lesson) => {
      const { session, places } = playLesson(lesson);
      expect(session.path.divergesAt).toBeNull();
      let fallen: readonly string[] = [];
      lesson.pages.forEach((page, i) => {
        fallen = page.fallen ?? fallen;
        const red = [...session.path.fallenAt(places[i] ?? 0).keys()];
        expect(red.sort(), `page ${i + 1}`).toEqual([...fallen].sort());
      });
    },
  );

  test("has an id of its own, and a question with one right answer", () => {
    expect(new Set(LESSONS.map(({ id }) => id)).size).toBe(LESSONS.length);
    for (const { id, pages } of LESSONS) {
      const questions = pages.flatMap(({ question }) => question ?? []);
      expect(questions.length, id).toBeGreaterThan(0);
      for (const { answers } of questions) {
        expect(answers.filter(({ isRight }) => isRight).length, id).toBe(1);
      }
    }
  });
});

/** The lessons to choose from, and the other executions that are worth seeing. */
import { LESSONS } from "../lessons/index.ts";
import { readLesson } from "./lessons.ts";
import { store } from "./store.ts";

export function LessonList() {
  return (
    <section class="lesson-list" aria-label="Lessons">
      <h2>
        Lessons
        <button type="button" class="small" onClick={() => store.set({ showsLessons: false })}>
          close
        </button>
      </h2>
      <ol>
        {LESSONS.map(({ id, title, about, section }) => (
          <li key={id}>
            <button type="button" onClick={() => readLesson(id)}>
              <b>{title}</b>
              <span>
                {about} <span class="section">§{section}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

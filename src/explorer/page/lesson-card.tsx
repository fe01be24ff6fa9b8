/** The page of a lesson that is read now: what there is to see, and a question. */
import { useEffect, useRef } from "preact/hooks";
import { LESSONS } from "../lessons/index.ts";
import type { Question } from "../lessons/lesson.ts";
import { answer, isOnPath, lessonOf, readLesson, turnTo } from "./lessons.ts";
import { type PageState, type Reading, store } from "./store.ts";

interface Props {
  readonly page: PageState;
  readonly reading: Reading;
}

export function LessonCard({ page, reading }: Props) {
  const heading = useFocusThatIsLost(`${reading.lesson} ${reading.page}`);
  const lesson = lessonOf(reading);
  const current = lesson?.pages[reading.page];
  if (lesson === undefined || current === undefined) return null;
  const { question } = current;
  const given = reading.answers.get(reading.page);
  const isLast = reading.page === lesson.pages.length - 1;
  const place = reading.places[reading.page] ?? 0;
  const next = LESSONS[LESSONS.indexOf(lesson) + 1];
  return (
    <section class="lesson" aria-label="Lesson">
      <div class="lesson-head">
        <h2 ref={heading} tabindex={-1}>
          {lesson.title}
        </h2>
        <span class="section">
          §{lesson.section} · page {reading.page + 1} of {lesson.pages.length}
        </span>
        <button type="button" class="small" onClick={() => store.set({ reading: null })}>
          leave the lesson
        </button>
      </div>
      <p class="prose">{current.text}</p>
      {!isOnPath(reading) && (
        <p class="quiet">
          You are on a way of your own.{" "}
          <button type="button" class="small" onClick={() => turnTo(reading.page)}>
            back to the lesson
          </button>
        </p>
      )}
      {isOnPath(reading) && page.session.position !== place && (
        <p class="quiet">
          This page is about step {place}.{" "}
          <button type="button" class="small" onClick={() => turnTo(reading.page)}>
            go there
          </button>
        </p>
      )}
      {question !== undefined && (
        <QuestionBox question={question} given={given} page={reading.page} />
      )}
      <div class="turn">
        <button
          type="button"
          disabled={reading.page === 0}
          onClick={() => turnTo(reading.page - 1)}
          title="Shift + left arrow"
        >
          ← back
        </button>
        {!isLast && (
          <button
            type="button"
            class="primary"
            onClick={() => turnTo(reading.page + 1)}
            title="Shift + right arrow"
          >
            {question !== undefined && given === undefined
              ? "go on without answering →"
              : "go on →"}
          </button>
        )}
        {isLast && next !== undefined && (
          <button type="button" class="primary" onClick={() => readLesson(next.id)}>
            next lesson: {next.title} →
          </button>
        )}
      </div>
    </section>
  );
}

/**
 * The button that was pressed may be gone from the new page, and the focus with it: then the keyboard
 * goes on at the heading.
 */
function useFocusThatIsLost(page: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [page]);
  return heading;
}

interface QuestionProps {
  readonly question: Question;
  readonly given: number | undefined;
  readonly page: number;
}

function QuestionBox({ question, given, page }: QuestionProps) {
  const chosen = given === undefined ? undefined : question.answers[given];
  return (
    <fieldset class="question">
      <legend>{question.ask}</legend>
      {question.answers.map(({ text }, i) => (
        <button
          type="button"
          key={text}
          aria-pressed={given === i}
          class={given === i ? (chosen?.isRight ? "right-answer" : "wrong-answer") : ""}
          onClick={() => answer(page, i)}
        >
          {text}
        </button>
      ))}
      {chosen !== undefined && (
        <p role="status">
          <b>{chosen.isRight ? "✓ Right." : "✗ Wrong."}</b> {chosen.because}
        </p>
      )}
    </fieldset>
  );
}

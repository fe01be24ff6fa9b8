/** What a lesson is: a recorded execution, and what is to be seen at its steps. */

/** Something to think about before going on. */
export interface Question {
  readonly ask: string;
  readonly answers: readonly {
    readonly text: string;
    readonly isRight: boolean;
    /** Said once the answer was given. */
    readonly because: string;
  }[];
}

export interface LessonPage {
  /** The moves that lead here from the page before, in the words of model/script.ts. */
  readonly moves: readonly string[];
  readonly text: string;
  readonly question?: Question;
  /** The properties that have fallen here; none where it does not say. */
  readonly fallen?: readonly string[];
}

export interface Lesson {
  readonly id: string;
  readonly title: string;
  /** One sentence for the list of lessons. */
  readonly about: string;
  readonly section: string;
  readonly servers: number;
  readonly pages: readonly LessonPage[];
}

/** What is said of a divergence, under the labels that every report for people has. */
import type { Explanation } from "./explain.ts";
import type { NearAction, Reason } from "./explaining/reasons.ts";
import { nearActionText, nearestText, notAllText, reasonText } from "./explaining/why-not.ts";

/** A sentence, with what it rests on. */
export interface Said {
  readonly text: string;
  /** The facts of a rule; without any where the sentence has them. */
  readonly facts: readonly string[];
}

export interface Told {
  readonly label: "why not" | "instead" | "looks like" | "nearest" | "or logged";
  readonly said: readonly Said[];
}

/** Why not, what instead, and what it looks like: only what there is to say. */
export function toldOf(divergence: Explanation): readonly Told[] {
  const { because, instead, looksLike, comesNearest, nearActions, hints } = divergence;
  const told: readonly Told[] = [
    { label: "why not", said: [...because.map(reasonSaid), ...notAllText(divergence).map(plain)] },
    { label: "instead", said: [plain(instead)] },
    {
      label: "looks like",
      said: [...looksLike.map(forgottenText), ...comesNearest.map(nearestText)].map(plain),
    },
    { label: "nearest", said: nearActions.flatMap(nearSaid) },
    { label: "or logged", said: hints.map(plain) },
  ];
  return told.filter(({ said }) => said.length > 0);
}

/** The same as paragraphs. */
export function paragraphsOf({ said }: Told): readonly string[] {
  return said.flatMap(({ text, facts }) => [text, ...facts]);
}

function forgottenText({ rule, sentence }: Explanation["looksLike"][number]): string {
  return `${rule} forgotten: ${sentence}`;
}

function plain(text: string): Said {
  return { text, facts: [] };
}

/** Without a meaning, its text has the facts. */
function reasonSaid(reason: Reason): Said {
  const { meaning, facts } = reason;
  return {
    text: reasonText(reason),
    facts: meaning === undefined || facts === null ? [] : [facts],
  };
}

function nearSaid(near: NearAction): readonly Said[] {
  return [plain(nearActionText(near)), ...near.because.map(reasonSaid)];
}

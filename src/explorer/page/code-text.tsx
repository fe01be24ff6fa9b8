/** A function of the implementation, with what its rules answered in the step. */

import type { ComponentChildren } from "preact";
import { counted } from "../../trace/counted.ts";
import type { RuleCall } from "../model/core-side.ts";
import { highlighted } from "./spec-text.tsx";

const KEYWORD =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|("[^"]*"|`[^`]*`)|\b(export|function|const|let|if|else|return|throw|new|for|of|true|false|null|void)\b/g;
const CALL = /\brules\.(\w+)\(/g;

interface Props {
  readonly text: string;
  readonly calls: readonly RuleCall[];
  readonly against: ReadonlySet<string>;
}

export function CodeText({ text, calls, against }: Props) {
  const parts: ComponentChildren[] = [];
  const asked = new Map<string, number>();
  let at = 0;
  for (const match of text.matchAll(CALL)) {
    const rule = `${match[1]?.charAt(0).toUpperCase()}${match[1]?.slice(1)}`;
    const end = closing(text, match.index + match[0].length);
    const turn = asked.get(rule) ?? 0;
    asked.set(rule, turn + 1);
    const answers = calls.filter((call) => call.rule === rule);
    const answer = answers[Math.min(turn, answers.length - 1)];
    parts.push(...highlighted(text.slice(at, match.index), at, KEYWORD));
    parts.push(
      <span class={answer === undefined ? "conjunct unasked" : "conjunct"} key={match.index}>
        {text.slice(match.index, end)}
        {answer !== undefined && <Answer answer={answer.answer} isAgainst={against.has(rule)} />}
      </span>,
    );
    at = end;
  }
  parts.push(...highlighted(text.slice(at), at, KEYWORD));
  return (
    <pre class="text" role="region" tabindex={0} aria-label="The function in the implementation">
      {parts}
    </pre>
  );
}

interface AnswerProps {
  readonly answer: unknown;
  readonly isAgainst?: boolean;
}

/** What a rule answered: no verdict, so only one that speaks against the step is red. */
export function Answer({ answer, isAgainst = false }: AnswerProps) {
  const kind = isAgainst ? "against" : "effect";
  const mark = isAgainst ? "✗" : "→";
  return (
    <span class={`chip ${kind}`}>
      {mark} {answerWords(answer)}
    </span>
  );
}

export function answerWords(answer: unknown): string {
  if (answer === null) return "null";
  return Array.isArray(answer) ? counted(answer.length, "entry", "entries") : String(answer);
}

/** Where the parenthesis ends that was opened before a place. */
function closing(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (depth > 0 && at < text.length) {
    if (text[at] === "(") depth++;
    if (text[at] === ")") depth--;
    at++;
  }
  return at;
}

/** The rules that a step asked: what each means, and what the spec and the code answered. */
import type { RuleCall } from "../model/core-side.ts";
import { Answer } from "./code-text.tsx";
import type { StepFacts } from "./step-facts.ts";
import { sources } from "./texts.ts";

interface Props {
  readonly facts: StepFacts;
  /** The rules that speak against the step. */
  readonly against: ReadonlySet<string>;
}

export function RulesAsked({ facts, against }: Props) {
  const asked = sources.rules.filter(({ name }) => facts.calls.some(({ rule }) => rule === name));
  if (asked.length === 0) return null;
  return (
    <details class="rules-asked" open>
      <summary>The rules that it asked, and what the code’s own answered</summary>
      <ul>
        {asked.map((rule) => (
          <li key={rule.name}>
            <code>{rule.name}</code>{" "}
            <AnswerOf calls={facts.calls} rule={rule.name} isAgainst={against.has(rule.name)} />
            <span class="sentence">
              {rule.name === facts.forgotten?.rule ? (
                <>
                  <s>{rule.sentence}</s> <b class="parts">Forgotten: {rule.forgotten}</b>
                </>
              ) : (
                rule.sentence
              )}{" "}
              <span class="section">§{rule.section}</span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface AnswerOfProps {
  readonly calls: readonly RuleCall[];
  readonly rule: string;
  readonly isAgainst: boolean;
}

function AnswerOf({ calls, rule, isAgainst }: AnswerOfProps) {
  const last = calls.findLast((call) => call.rule === rule);
  return last === undefined ? null : <Answer answer={last.answer} isAgainst={isAgainst} />;
}

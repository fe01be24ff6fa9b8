/** Where the spec does not allow what was done: what is in the way, expected and found. */
import type { Divergence, TraceToCheck, Value } from "../../../trace-check/engine.ts";
import type { Explanation } from "../../../trace-check/explain.ts";
import { type Told, toldOf } from "../../../trace-check/told.ts";
import { Answer } from "./code-text.tsx";
import { sources } from "./texts.ts";
import { whyNotOf } from "./why-not.ts";

const HEADS: Readonly<Record<Divergence["kind"], string>> = {
  notEnabled: "The spec does not allow this action here.",
  mismatch: "The spec’s action does something else.",
  violated: "A property falls.",
  notSent: "Nobody sent the message that was received.",
};

interface Props {
  readonly divergence: Divergence;
  /** Null where the step was taken in the page, and not recorded. */
  readonly trace: TraceToCheck | null;
  /** The rules that speak against the step. */
  readonly against: ReadonlySet<string>;
}

export function DivergencePanel({ divergence, trace, against }: Props) {
  const explanation = trace === null ? null : whyNotOf(divergence, trace);
  return (
    <div class="divergence" role="group" aria-label="Divergence">
      <p class="verdict parts">
        ✗ Here the spec and the code part. <b>{HEADS[divergence.kind]}</b>
      </p>
      {explanation !== null && <WhyNot explanation={explanation} />}
      <table>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">by the spec</th>
            <th scope="col">as it was</th>
          </tr>
        </thead>
        <tbody>
          {divergence.findings.map(({ name, expected, actual }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                <Sentence rule={name} />
              </th>
              <td>
                <ValueWords name={name} value={expected} other={actual} />
              </td>
              <td>
                <ValueWords name={name} value={actual} other={expected} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {divergence.decisions.length > 0 && (
        <p>
          The spec’s rules said:{" "}
          {divergence.decisions.map(({ rule, holds }) => (
            <span class="said" key={rule}>
              {rule} <Answer answer={holds} isAgainst={against.has(rule)} />
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** What `lockstep check` says of the event, in the same words and under the same labels. */
function WhyNot({ explanation }: { readonly explanation: Explanation }) {
  return (
    <dl class="why-not">
      {toldOf(explanation).map((told) => (
        <Labelled key={told.label} told={told} />
      ))}
    </dl>
  );
}

function Labelled({ told: { label, said } }: { readonly told: Told }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {said.map(({ text, facts }) => (
          <div class="reason" key={text}>
            {text}
            {facts.map((fact) => (
              <p class="fact" key={fact}>
                {fact}
              </p>
            ))}
          </div>
        ))}
      </dd>
    </div>
  );
}

function Sentence({ rule }: { readonly rule: string }) {
  const known = sources.rules.find(({ name }) => name === rule);
  return known === undefined ? null : <span class="sentence">{known.sentence}</span>;
}

interface ValueProps {
  /** Of the variable or field that has it: nobody is in a vote, in the words of the reports. */
  readonly name: string;
  readonly value: Value;
  /** What it is compared with. */
  readonly other: Value | undefined;
}

/** A value, in which what differs from the other one stands out. */
function ValueWords({ name: named, value, other }: ValueProps) {
  if (isList(value) && value.some((each) => typeof each === "object")) {
    if (value.length === 0) return <>nothing</>;
    const others = isList(other) ? other : [];
    return (
      <>
        {value.map((each, i) => (
          <div key={JSON.stringify(each)}>
            <ValueWords name={named} value={each} other={others[i]} />
          </div>
        ))}
      </>
    );
  }
  if (isRecord(value)) {
    return (
      <>
        {Object.entries(value).map(([name, field]) => {
          const isSame = JSON.stringify(field) === JSON.stringify(fieldOf(other, name));
          return (
            <span class="field" key={name}>
              {name} {isSame ? plain(name, field) : <b class="differs">{plain(name, field)}</b>}
            </span>
          );
        })}
      </>
    );
  }
  return <>{plain(named, value)}</>;
}

function plain(name: string, value: Value): string {
  if (value === null) return name === "votedFor" ? "nobody" : "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function isRecord(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === "object" && value !== null && !isList(value);
}

function fieldOf(value: Value | undefined, name: string): Value | undefined {
  return value !== undefined && isRecord(value) ? value[name] : undefined;
}

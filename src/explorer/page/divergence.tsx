/** Where the spec does not allow what was done: what is in the way, expected and found. */
import type { Divergence, TraceToCheck, Value } from "../../../trace-check/engine.ts";
import {
  nearActionLines,
  nearestText,
  whyNotLines,
} from "../../../trace-check/explaining/why-not.ts";
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
}

export function DivergencePanel({ divergence, trace }: Props) {
  return (
    <div class="divergence" role="group" aria-label="Divergence">
      <p class="verdict parts">
        ✗ Here the spec and the code part. <b>{HEADS[divergence.kind]}</b>
      </p>
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
                <ValueWords value={expected} other={actual} />
              </td>
              <td>
                <ValueWords value={actual} other={expected} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {trace !== null && <WhyNot divergence={divergence} trace={trace} />}
      {divergence.decisions.length > 0 && (
        <p>
          The spec’s rules said:{" "}
          {divergence.decisions.map(({ rule, holds }) => (
            <span class={`chip ${holds}`} key={rule}>
              {rule} {holds ? "✓ true" : "✗ false"}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** What `lockstep check` says against the event, in the same words. */
function WhyNot({ divergence, trace }: { divergence: Divergence; trace: TraceToCheck }) {
  const explanation = whyNotOf(divergence, trace);
  return (
    <>
      <h3>Why not</h3>
      <ul class="why-not">
        {whyNotLines(explanation).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {[
        ...explanation.comesNearest.map(nearestText),
        ...explanation.nearActions.flatMap(nearActionLines),
      ].map((line) => (
        <p key={line}>{line}</p>
      ))}
    </>
  );
}

function Sentence({ rule }: { readonly rule: string }) {
  const known = sources.rules.find(({ name }) => name === rule);
  return known === undefined ? null : <span class="sentence">{known.sentence}</span>;
}

interface ValueProps {
  readonly value: Value;
  /** What it is compared with. */
  readonly other: Value | undefined;
}

/** A value, in which what differs from the other one stands out. */
function ValueWords({ value, other }: ValueProps) {
  if (isList(value) && value.some((each) => typeof each === "object")) {
    if (value.length === 0) return <>nothing</>;
    const others = isList(other) ? other : [];
    return (
      <>
        {value.map((each, i) => (
          <div key={JSON.stringify(each)}>
            <ValueWords value={each} other={others[i]} />
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
              {name} {isSame ? plain(field) : <b class="differs">{plain(field)}</b>}
            </span>
          );
        })}
      </>
    );
  }
  return <>{plain(value)}</>;
}

function plain(value: Value): string {
  if (value === null) return "nothing";
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

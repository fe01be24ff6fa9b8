/** Where the spec does not allow what was done: what is in the way, expected and found. */
import type { Divergence, Value } from "../../../trace-check/engine.ts";
import { sources } from "./texts.ts";

const HEADS: Readonly<Record<Divergence["kind"], string>> = {
  notEnabled: "The spec does not allow this action here.",
  mismatch: "The spec’s action does something else.",
  violated: "A property falls.",
  notSent: "Nobody sent the message that was received.",
};

export function DivergencePanel({ divergence }: { readonly divergence: Divergence }) {
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
              <td>{valueWords(expected)}</td>
              <td>{valueWords(actual)}</td>
            </tr>
          ))}
        </tbody>
      </table>
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

function Sentence({ rule }: { readonly rule: string }) {
  const known = sources.rules.find(({ name }) => name === rule);
  return known === undefined ? null : <span class="sentence">{known.sentence}</span>;
}

function valueWords(value: Value): string {
  if (value === null) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a step changed in its server, by the spec and by the code, and what it sent. */
import { isSame, SERVER_VARIABLES, type TracedState } from "../../replay/server-state.ts";
import type { StepFacts } from "./step-facts.ts";
import { messageWords } from "./words.ts";

type Variable = keyof TracedState;

const VARIABLES: readonly Variable[] = [
  ...SERVER_VARIABLES,
  "snapshotIndex",
  "round",
  "confirmedRound",
];

export function Changes({ facts }: { readonly facts: StepFacts }) {
  const { before, after, core, step } = facts;
  const rows = VARIABLES.filter(
    (name) =>
      !isSame(before[name], after[name]) ||
      (typeof core !== "string" && !agrees(core, after, name)),
  );
  const sent = step.event.sent ?? [];
  return (
    <div class="changes">
      <h3>What changed in {step.event.server}</h3>
      {typeof core === "string" && <p class="no-step">The code made no step: {core}.</p>}
      {rows.length === 0 && <p>None of its variables.</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">variable</th>
              <th scope="col">before</th>
              <th scope="col">by the spec</th>
              {typeof core !== "string" && <th scope="col">by the code</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((name) => (
              <tr
                key={name}
                class={typeof core === "string" || agrees(core, after, name) ? "" : "parted"}
              >
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td class="was">{shown(before[name])}</td>
                <td class="is">{shown(after[name])}</td>
                {typeof core !== "string" && (
                  <td class="is">
                    {shown(core[name])} {agrees(core, after, name) ? "✓" : "✗"}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sent.length > 0 && (
        <>
          <h3>What it sent</h3>
          <ul>
            {sent.map((message) => (
              <li key={message.id}>{messageWords(message)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function agrees(core: TracedState, after: TracedState, name: Variable): boolean {
  return isSame(core[name], after[name]);
}

function shown(value: TracedState[Variable]): string {
  if (value === null) return "nobody";
  if (typeof value !== "object") return String(value);
  if (!Array.isArray(value)) {
    return Object.entries(value)
      .map(([peer, index]) => `${peer}: ${index}`)
      .join(", ");
  }
  if (value.length === 0) return "empty";
  return value
    .map((each) => (typeof each === "string" ? each : `${each.term}:${each.command ?? "no-op"}`))
    .join(" ");
}

/** The rules as switches: forget one, and look for trouble by hand, by search, or with TLC. */
import type { Forgotten } from "../model/move.ts";
import type { RuleWords } from "../model/sources.ts";
import { playCounterexample } from "./counterexamples.ts";
import { findTrouble, MOST_SECONDS, stopFinding } from "./finding.ts";
import { type PageState, store } from "./store.ts";
import { definitions, sources } from "./texts.ts";
import { spaced } from "./words.ts";

export function RulesPanel({ page }: { readonly page: PageState }) {
  const frame = page.session.path.at(page.session.position);
  const { forgotten } = frame;
  const isLive = frame.cluster !== null;
  const chosen = sources.rules.find(({ name }) => name === forgotten?.rule);
  return (
    <div class="rules">
      <h2>Rules that could be forgotten</h2>
      <p class="saying">
        Each guard of the protocol is a rule with a name of its own, an operator in the spec and a
        predicate in the code. Forget one and see what falls.
      </p>
      {chosen !== undefined && forgotten !== null && (
        <Chosen rule={chosen} forgotten={forgotten} searching={page.searching} />
      )}
      {!isLive && <p>A recorded trace is only looked at: begin a cluster to forget a rule.</p>}
      <ul class="switches">
        {sources.rules.map((rule) => (
          <li key={rule.name}>
            <label>
              <input
                type="checkbox"
                disabled={!isLive}
                checked={forgotten?.rule === rule.name}
                onChange={() => forget(forgotten?.rule === rule.name ? null : rule.name)}
              />
              <code>{rule.name}</code>
            </label>
            <span class="sentence">
              {rule.sentence} <span class="section">§{rule.section}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function forget(rule: string | null, where: Forgotten["where"] = "both"): void {
  const forgotten = rule === null ? null : { rule, where };
  store.move({ kind: "forget", forgotten });
  store.set({ tab: "rules" });
}

interface ChosenProps {
  readonly rule: RuleWords;
  readonly forgotten: Forgotten;
  readonly searching: PageState["searching"];
}

function Chosen({ rule, forgotten, searching }: ChosenProps) {
  const definition = definitions.get(`Forgotten${rule.name}`);
  const counterexample = `Forget${rule.name}`;
  return (
    <section class="chosen" aria-label="The rule that is forgotten">
      <h3>
        Forgotten: <code>{rule.name}</code>
      </h3>
      <p>
        <b>The rule:</b> {rule.sentence} <b>Forgotten:</b> {rule.forgotten}
      </p>
      {definition !== undefined && <pre class="text small-text">{definition.text}</pre>}
      <p>
        {rule.lost === null
          ? "No promise of Raft is lost without it, only progress or speed: there is no trouble to find."
          : `What falls in the end: ${spaced(rule.lost)}.`}
      </p>
      <fieldset>
        <legend>Who forgets it?</legend>
        <label>
          <input
            type="radio"
            name="where"
            checked={forgotten.where === "both"}
            onChange={() => forget(rule.name, "both")}
          />
          The spec and the code: watch the properties
        </label>
        <label>
          <input
            type="radio"
            name="where"
            checked={forgotten.where === "code"}
            onChange={() => forget(rule.name, "code")}
          />
          The code alone: watch it part from the spec
        </label>
      </fieldset>
      <div class="tools">
        {rule.lost !== null && searching === null && (
          <button
            type="button"
            disabled={forgotten.where === "code"}
            aria-describedby={forgotten.where === "code" ? "why-no-search" : undefined}
            onClick={() => void findTrouble(rule)}
          >
            Find trouble from here
          </button>
        )}
        {counterexample in sources.counterexamples && (
          <button type="button" onClick={() => playCounterexample(counterexample)}>
            Play TLC’s shortest counterexample
          </button>
        )}
        <button type="button" onClick={() => forget(null)}>
          Forget nothing
        </button>
      </div>
      {forgotten.where === "code" && (
        <p class="quiet" id="why-no-search">
          There is nothing to search for where the code alone forgets it: the two part at the first
          step at which the rule says no. Let the spec forget it too to see what falls.
        </p>
      )}
      {searching !== null && <Searching searching={searching} />}
    </section>
  );
}

function Searching({ searching }: { readonly searching: NonNullable<PageState["searching"]> }) {
  const { walks, seconds } = searching;
  return (
    <div class="searching">
      <progress max={MOST_SECONDS} value={seconds} aria-label="Search" />
      <span>
        {walks.toLocaleString("en")} executions tried, {seconds.toFixed(0)} of at most{" "}
        {MOST_SECONDS} seconds
      </span>
      <button type="button" class="small" onClick={stopFinding}>
        Stop the search
      </button>
    </div>
  );
}

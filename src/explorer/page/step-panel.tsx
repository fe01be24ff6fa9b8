/** The step that was taken: the action's text beside the function's, and what came of it. */
import { isSame, type TracedState } from "../../replay/server-state.ts";
import type { Frame } from "../model/frame.ts";
import { sayingOf } from "../model/paper.ts";
import type { Session } from "../model/session.ts";
import { Changes } from "./changes.tsx";
import { CodeText } from "./code-text.tsx";
import { DivergencePanel } from "./divergence.tsx";
import { readLesson } from "./lessons.ts";
import { RulesAsked } from "./rules-asked.tsx";
import { SpecText } from "./spec-text.tsx";
import { factsOf, type StepFacts } from "./step-facts.ts";
import { coreFunction, sources } from "./texts.ts";
import { rulesAgainst } from "./why-not.ts";
import { moveWords } from "./words.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
}

export function StepPanel({ session, frame }: Props) {
  const facts = factsOf(session, frame);
  if (facts === null) return <NoStep frame={frame} />;
  const { step, explained } = facts;
  const { action, server } = step.event;
  const saying = sayingOf(action);
  const code = coreFunction(action);
  const against = rulesAgainst(step, facts.forgotten?.rule ?? null);
  return (
    <div class="step">
      <h2>
        <b>{server}</b> <code>{action}</code>
      </h2>
      <p class="saying">
        {saying.sentence} <span class="section">Raft paper, §{saying.section}</span>
      </p>
      <Without facts={facts} />
      {step.divergence === null ? (
        <Agreement facts={facts} />
      ) : (
        <DivergencePanel divergence={step.divergence} trace={step.trace} against={against} />
      )}
      <div class="sides">
        {explained !== null && (
          <section class="source" aria-label="Specification">
            <h3>
              Specification <Place excerpt={explained.excerpt} prefix="spec/" suffix=".tla" />
            </h3>
            <SpecText explained={explained} />
          </section>
        )}
        {code !== null && (
          <section class="source" aria-label="Implementation">
            <h3>
              Implementation <Place excerpt={code} prefix="" suffix="" />
            </h3>
            <CodeText text={code.text} calls={facts.calls} against={against} />
          </section>
        )}
      </div>
      <div class="after-sides">
        <Changes facts={facts} />
        <RulesAsked facts={facts} against={against} />
      </div>
    </div>
  );
}

/** Where the step asked the rule that is forgotten, the sentence of the paper is not what is done. */
function Without({ facts }: { readonly facts: StepFacts }) {
  const { forgotten, calls } = facts;
  const rule = sources.rules.find(({ name }) => name === forgotten?.rule);
  if (rule === undefined || !calls.some((call) => call.rule === rule.name)) return null;
  return (
    <p class="without">
      Not here: <code>{rule.name}</code> is forgotten
      {forgotten?.where === "code" ? " by the code" : ""}. {rule.forgotten}
    </p>
  );
}

interface PlaceProps {
  readonly excerpt: { readonly where: string; readonly line: number };
  readonly prefix: string;
  readonly suffix: string;
}

function Place({ excerpt, prefix, suffix }: PlaceProps) {
  return <span>{`${prefix}${excerpt.where}${suffix}:${excerpt.line}`}</span>;
}

/** Both sides came to the same; nextIndex is the one thing that the spec leaves a leader free in. */
function Agreement({ facts }: { readonly facts: StepFacts }) {
  const { core, after } = facts;
  if (typeof core === "string") {
    return <p class="verdict parts">✗ The code takes no such step here: {core}</p>;
  }
  if (isSame(core, after)) {
    return <p class="verdict agrees">✓ The spec and the code came to the same state.</p>;
  }
  if (isSame(withoutHint(core), withoutHint(after))) {
    return (
      <p class="verdict agrees">
        ✓ A step of the spec. Our code would choose another nextIndex, in which the spec leaves a
        leader free.
      </p>
    );
  }
  return (
    <p class="verdict agrees">✓ A step of the spec. Our code would have taken it otherwise.</p>
  );
}

function withoutHint({ nextIndex: _hint, ...rest }: TracedState): unknown {
  return rest;
}

const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["← →", "a step back, a step on"],
  ["Home End", "the beginning, the end"],
  ["Space", "play and pause"],
  ["R", "10 steps at random; with Shift, 100"],
  ["Shift ← →", "the pages of a lesson"],
  ["L", "the lessons"],
  ["1 2 3", "the step, the properties, the rules"],
  ["Esc", "close, and pick nothing"],
];

function Keys() {
  return (
    <details>
      <summary>Keys</summary>
      <dl class="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function NoStep({ frame }: { readonly frame: Frame }) {
  if (frame.move === null) {
    return (
      <div class="step empty">
        <h2>Nothing has happened yet</h2>
        <p>
          Every server is a follower of term 0 with an empty log. Take a step: pick one of those
          that can happen next, or press <kbd>R</kbd> to let the cluster run. Each step is taken
          twice, by the specification (TLA+, compiled) and by the implementation (TypeScript), and
          what they come to is compared.
        </p>
        <p>
          New to Raft? Begin with{" "}
          <button type="button" onClick={() => readLesson("election")}>
            An election
          </button>
          . Or see at once why a rule matters:{" "}
          <button type="button" onClick={() => readLesson("figure-8")}>
            Figure 8, with the rule
          </button>{" "}
          and then{" "}
          <button type="button" onClick={() => readLesson("figure-8-forgotten")}>
            without it
          </button>
          .
        </p>
        <p>
          Drop a trace file on the page to walk through it. Click a server or a message to see what
          may become of it; drag a line across the stage to part the network.
        </p>
        <Keys />
      </div>
    );
  }
  return (
    <div class="step empty">
      <h2>{moveWords(frame.move, null)}</h2>
      <p>
        This is no action of the specification, and no step of the code. In the specification’s
        network a message that was sent may be received never, once, again, and at any time; and a
        server that is down is one that takes no step. So every fault is in it already.
      </p>
    </div>
  );
}

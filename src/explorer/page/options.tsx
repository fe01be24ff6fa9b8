/** What can happen next, and what cannot, with the conjunct that is in the way. */
import type { Option } from "../model/choices.ts";
import { falseGuard } from "../model/explain.ts";
import type { Frame } from "../model/frame.ts";
import type { Session } from "../model/session.ts";
import { Picks } from "./picks.tsx";
import { optionsAt, type Picked, store } from "./store.ts";
import { library } from "./texts.ts";
import { choiceWords } from "./words.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
  readonly picked: Picked | null;
}

export function Options({ session, frame, picked }: Props) {
  if (frame.cluster === null) return null;
  const all = optionsAt(session, frame);
  const options = all.filter((option) => isOf(option, picked));
  const possible = options.filter(({ isAllowed, obstacle }) => isAllowed && obstacle === null);
  const others = options.filter((option) => !possible.includes(option));
  return (
    <section class="options" aria-label="Steps">
      <h2>
        {picked === null ? "What can happen next" : `What can happen next: ${pickedWords(picked)}`}
        {picked !== null && (
          <button type="button" class="small" onClick={() => store.set({ picked: null })}>
            show all
          </button>
        )}
      </h2>
      <Picks frame={frame} picked={picked} />
      {possible.length === 0 && (
        <p class="quiet">
          Nothing
          {frame.step?.divergence ? ": the spec and the code have parted. Go back to go on." : "."}
        </p>
      )}
      <ul>
        {possible.map((option) => (
          <li key={JSON.stringify(option.choice)}>
            <OptionButton option={option} />
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary>What cannot happen, and why ({others.length})</summary>
          <ul class="others">
            {others.map((option) => (
              <li key={JSON.stringify(option.choice)}>
                <b>{option.choice.server}</b> <code>{option.choice.action}</code>{" "}
                {choiceWords(option.choice, option.message)}
                <Why session={session} frame={frame} option={option} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function OptionButton({ option }: { readonly option: Option }) {
  const { choice, message } = option;
  return (
    <button
      type="button"
      data-action={choice.action}
      onClick={() => store.move({ kind: "step", choice })}
      onMouseEnter={() => mark(choice.received, choice.server)}
      onMouseLeave={() => mark(null, null)}
    >
      <b>{choice.server}</b> <code>{choice.action}</code> {choiceWords(choice, message)}
    </button>
  );
}

/** Shows on the stage what a step is about, without a change of state. */
function mark(message: string | null, server: string | null): void {
  for (const each of document.querySelectorAll(".stage .pointed")) each.classList.remove("pointed");
  if (message !== null) at(`[data-message="${message}"]`)?.classList.add("pointed");
  if (server !== null) at(`[data-server="${server}"]`)?.classList.add("pointed");
}

function at(selector: string): Element | null {
  return document.querySelector(`.stage ${selector}`);
}

interface WhyProps {
  readonly session: Session;
  readonly frame: Frame;
  readonly option: Option;
}

function Why({ session, frame, option }: WhyProps) {
  if (option.isAllowed && option.obstacle !== null) {
    return <span class="why">the spec allows it; here {option.obstacle}</span>;
  }
  const { forgotten } = frame;
  const rule = forgotten?.where === "both" ? forgotten.rule : null;
  const asked = { spec: session.spec, library, forgotten: rule, now: frame.state, after: null };
  const guard = falseGuard(asked, option.choice, option.message);
  if (guard === null) return <span class="why">it has no outcome here</span>;
  return (
    <span class="why">
      <code>{guard.text}</code> is false{guard.note === "" ? "" : `: ${guard.note}`}
    </span>
  );
}

function isOf({ choice }: Option, picked: Picked | null): boolean {
  if (picked === null) return true;
  return picked.kind === "server" ? choice.server === picked.id : choice.received === picked.id;
}

function pickedWords(picked: Picked): string {
  return picked.kind === "server" ? picked.id : `the message ${picked.id}`;
}

/** What can happen next, and what cannot. */
import type { Option } from "../model/choices.ts";
import type { Frame } from "../model/frame.ts";
import type { Session } from "../model/session.ts";
import { optionsAt, type Picked, store } from "./store.ts";
import { choiceWords } from "./words.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
  readonly picked: Picked | null;
}

export function Options({ session, frame, picked }: Props) {
  const options = optionsAt(session, frame).filter((option) => isOf(option, picked));
  const possible = options.filter(({ isAllowed, obstacle }) => isAllowed && obstacle === null);
  return (
    <div class="options">
      <h2>What can happen next</h2>
      <ul>
        {possible.map((option) => (
          <li key={JSON.stringify(option.choice)}>
            <button
              type="button"
              onClick={() => store.move({ kind: "step", choice: option.choice })}
            >
              <b>{option.choice.server}</b> <code>{option.choice.action}</code>{" "}
              {choiceWords(option.choice, option.message)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function isOf({ choice }: Option, picked: Picked | null): boolean {
  if (picked === null) return true;
  return picked.kind === "server" ? choice.server === picked.id : choice.received === picked.id;
}

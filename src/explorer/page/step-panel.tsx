/** The step that was taken: the action's text beside the function's, and what changed. */

import { isSame } from "../../replay/server-state.ts";
import type { Frame } from "../model/frame.ts";
import { coreStateOf } from "../model/frame.ts";
import type { Session } from "../model/session.ts";
import type { Excerpt } from "../model/sources.ts";
import { viewAt } from "./store.ts";
import { coreFunction, definitions } from "./texts.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
}

export function StepPanel({ session, frame }: Props) {
  const { step } = frame;
  if (step === null) return <p class="empty">Take a step: pick one from the list.</p>;
  const { action, server } = step.event;
  const inCore = coreStateOf(frame, server);
  const inSpec = viewAt(session, frame).servers.get(server);
  const agrees = step.divergence === null && (inCore === null || isSame(inCore, inSpec));
  return (
    <div class="step">
      <h2>
        {server} <code>{action}</code>
      </h2>
      <p class={agrees ? "agrees" : "parts"}>
        {agrees ? "✓ The spec and the code came to the same state." : "✗ They part here."}
      </p>
      <div class="sides">
        <Source title="Specification" excerpt={definitions.get(action) ?? null} />
        <Source title="Implementation" excerpt={coreFunction(action)} />
      </div>
    </div>
  );
}

function Source({ title, excerpt }: { title: string; excerpt: Excerpt | null }) {
  if (excerpt === null) return null;
  return (
    <div class="source">
      <h3>
        {title}{" "}
        <span>
          {excerpt.where}:{excerpt.line}
        </span>
      </h3>
      <pre>{excerpt.text}</pre>
    </div>
  );
}

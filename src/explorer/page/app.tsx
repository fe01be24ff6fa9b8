/** The whole page: stage and steps on the left, spec and code on the right, time below. */
import { frameOf } from "../model/session.ts";
import { Lamps } from "./lamps.tsx";
import { Logs } from "./logs.tsx";
import { Options } from "./options.tsx";
import { Stage } from "./stage.tsx";
import { StepPanel } from "./step-panel.tsx";
import { store, usePage } from "./store.ts";
import { Time } from "./time.tsx";

export function App() {
  const page = usePage();
  const { session } = page;
  const frame = frameOf(session);
  return (
    <div class="app">
      <header class="top">
        <h1>
          Lockstep <span>explorer</span>
        </h1>
        <p class="claim">Raft’s specification and its code, taking every step together.</p>
        <div class="tools">
          <button type="button" onClick={() => store.begin(3)}>
            3 servers
          </button>
          <button type="button" onClick={() => store.begin(5)}>
            5 servers
          </button>
        </div>
      </header>
      <Lamps session={session} />
      <main class="main">
        <section class="left" aria-label="The cluster">
          <Stage session={session} frame={frame} picked={page.picked} />
          <Logs session={session} frame={frame} />
          <Options session={session} frame={frame} picked={page.picked} />
        </section>
        <section class="right" aria-label="The step">
          <StepPanel session={session} frame={frame} />
        </section>
      </main>
      <Time session={session} />
      <div class="log" role="log" aria-live="polite">
        {page.said}
      </div>
    </div>
  );
}

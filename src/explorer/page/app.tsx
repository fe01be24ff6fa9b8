/** The whole page: stage and steps on the left, spec and code on the right, time below. */
import { frameOf } from "../model/session.ts";
import { Header } from "./header.tsx";
import { Lamps } from "./lamps.tsx";
import { Legend } from "./legend.tsx";
import { LessonCard } from "./lesson-card.tsx";
import { LessonList } from "./lesson-list.tsx";
import { Logs } from "./logs.tsx";
import { NetworkTools } from "./network-tools.tsx";
import { Options } from "./options.tsx";
import { PropertiesPanel } from "./properties-panel.tsx";
import { RulesPanel } from "./rules-panel.tsx";
import { Stage } from "./stage.tsx";
import { StepPanel } from "./step-panel.tsx";
import { type PageState, store, type Tab, usePage } from "./store.ts";
import { Time } from "./time.tsx";

export function App() {
  const page = usePage();
  const { session } = page;
  const frame = frameOf(session);
  return (
    <div class={page.reading === null ? "app" : "app reading"}>
      <Header page={page} />
      <Lamps page={page} />
      {page.showsLessons && <LessonList />}
      {page.recorded !== null && (
        <p class="banner">
          <b>{page.recorded.name}</b> {page.recorded.note}
        </p>
      )}
      {page.note !== null && (
        <p class="banner note">
          {page.note}{" "}
          <button type="button" class="small" onClick={() => store.set({ note: null })}>
            close
          </button>
        </p>
      )}
      <main class="main">
        <section class="left" aria-label="The cluster">
          <div class="scene">
            {page.reading !== null && <LessonCard page={page} reading={page.reading} />}
            <Stage session={session} frame={frame} picked={page.picked} />
            <Logs session={session} frame={frame} />
          </div>
          <Legend />
          <NetworkTools frame={frame} />
          <Options session={session} frame={frame} picked={page.picked} />
        </section>
        <section class="right" aria-label="The step, the properties, the rules">
          <Tabs page={page} />
          {page.tab === "step" && <StepPanel session={session} frame={frame} />}
          {page.tab === "properties" && <PropertiesPanel page={page} />}
          {page.tab === "rules" && <RulesPanel page={page} />}
        </section>
      </main>
      <Time page={page} />
      <div class="hidden" role="log" aria-live="polite">
        {page.said}
      </div>
    </div>
  );
}

const TABS: readonly { readonly tab: Tab; readonly title: string }[] = [
  { tab: "step", title: "The step" },
  { tab: "properties", title: "Properties" },
  { tab: "rules", title: "Rules" },
];

function Tabs({ page }: { readonly page: PageState }) {
  const { forgotten } = frameOf(page.session);
  return (
    <div class="tabs" role="group" aria-label="What to show">
      {TABS.map(({ tab, title }) => (
        <button
          type="button"
          key={tab}
          aria-pressed={page.tab === tab}
          onClick={() => store.set({ tab })}
        >
          {title}
        </button>
      ))}
      {forgotten !== null && (
        <span class="forgotten-note">
          forgotten{forgotten.where === "code" ? " by the code alone" : ""}:{" "}
          <code>{forgotten.rule}</code>
        </span>
      )}
    </div>
  );
}

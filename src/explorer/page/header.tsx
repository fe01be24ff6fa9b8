/** What the page is, and what can be begun, opened and taken away from it. */
import { newSession } from "../model/session.ts";
import { copyLink } from "./address.ts";
import { exportSvg, exportTest, exportTrace } from "./exports.ts";
import { openFiles } from "./files.ts";
import { type PageState, store } from "./store.ts";
import { setTheme, theme } from "./theme.ts";

export function Header({ page }: { readonly page: PageState }) {
  const { showsLessons } = page;
  const isLive = page.session.path.at(0).cluster !== null;
  return (
    <header class="top">
      <h1>
        Lockstep <span>explorer</span>
      </h1>
      <p class="claim">Raft’s specification and its code, taking every step together</p>
      <div class="tools">
        <button
          type="button"
          class="primary"
          aria-expanded={showsLessons}
          onClick={() => store.set({ showsLessons: !showsLessons })}
        >
          Lessons
        </button>
        <label>
          <span class="hidden">Begin a new cluster</span>
          <select
            value=""
            onChange={(event) => {
              const size = Number(event.currentTarget.value);
              event.currentTarget.value = "";
              if (size > 0) store.show(newSession(size));
            }}
          >
            <option value="">New cluster …</option>
            {[1, 2, 3, 4, 5, 7].map((size) => (
              <option key={size} value={size}>
                of {size} {size === 1 ? "server" : "servers"}
              </option>
            ))}
          </select>
        </label>
        <label class="file">
          Open a trace …
          <input
            type="file"
            class="hidden"
            multiple
            accept=".ndjson,.jsonl,.json,application/x-ndjson"
            onChange={(event) => {
              const { files } = event.currentTarget;
              if (files !== null) void openFiles([...files]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <label>
          <span class="hidden">Share or export</span>
          <select
            value=""
            onChange={(event) => {
              const act = EXPORTS[event.currentTarget.value];
              event.currentTarget.value = "";
              act?.();
            }}
          >
            <option value="">Share …</option>
            {isLive && <option value="link">copy a link to this moment</option>}
            <option value="trace">as a trace (.ndjson)</option>
            {isLive && <option value="test">as a test (.test.ts)</option>}
            <option value="svg">as a picture (.svg)</option>
          </select>
        </label>
        <button
          type="button"
          onClick={() => setTheme(theme() === "dark" ? "light" : "dark")}
          title="Light or dark"
        >
          ◐<span class="hidden">Light or dark</span>
        </button>
      </div>
    </header>
  );
}

const EXPORTS: Readonly<Record<string, () => void>> = {
  link: () => void copyLink(),
  trace: exportTrace,
  test: exportTest,
  svg: exportSvg,
};

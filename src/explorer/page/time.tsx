/** Where one is in the execution: scrubbing, playing, and the futures that were left. */

import { GrownPath } from "../model/path.ts";
import { forkOf } from "../model/session.ts";
import { runAtRandom, togglePlaying } from "./play.ts";
import { SpaceTime } from "./space-time.tsx";
import { type PageState, store } from "./store.ts";
import { moveWords } from "./words.ts";

export function Time({ page }: { readonly page: PageState }) {
  const { session, isRunning } = page;
  const { position, path } = session;
  const last = path.length - 1;
  const frame = path.at(position);
  return (
    <footer class="time">
      <SpaceTime session={session} />
      <div class="controls">
        <button type="button" onClick={() => store.goTo(0)} disabled={position === 0} title="Home">
          Start
        </button>
        <button
          type="button"
          onClick={() => store.goTo(position - 1)}
          disabled={position === 0}
          title="Left arrow"
        >
          ‹ Back
        </button>
        <button type="button" onClick={togglePlaying} disabled={last === 0} title="Space">
          {isRunning ? "Pause" : "Play"}
        </button>
        <button
          type="button"
          onClick={() => store.goTo(position + 1)}
          disabled={position === last}
          title="Right arrow"
        >
          Next ›
        </button>
        <button
          type="button"
          onClick={() => store.goTo(last)}
          disabled={position === last}
          title="End"
        >
          End
        </button>
        <input
          type="range"
          min={0}
          max={Math.max(1, last)}
          value={position}
          aria-label="Step"
          aria-valuetext={`step ${position} of ${last}: ${moveWords(frame.move, frame.step?.received ?? null)}`}
          onInput={(event) => store.goTo(Number(event.currentTarget.value))}
        />
        <output class="place">
          step {position} of {last}
        </output>
        {frame.cluster !== null && (
          <button type="button" class="at-random" onClick={() => runAtRandom(10)} title="R">
            Run 10 steps at random
          </button>
        )}
        <Branches page={page} />
      </div>
    </footer>
  );
}

function Branches({ page }: { readonly page: PageState }) {
  const { session } = page;
  const { path, branches } = session;
  if (!(path instanceof GrownPath) || branches.length === 0) return null;
  return (
    <div class="branches">
      {branches.slice(0, 4).map((branch) => {
        const fork = forkOf(path, branch);
        return (
          <button
            type="button"
            class="small"
            key={`${fork} ${branch.length}`}
            onClick={() => store.takeBranch(branch)}
          >
            ⑂ the future left at {fork} ({branch.length - 1 - fork} steps)
          </button>
        );
      })}
    </div>
  );
}

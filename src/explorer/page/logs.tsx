/** Every server's variables and log, one row each, index under index as in the paper's figures. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Entry } from "../../core/index.ts";
import type { Frame } from "../model/frame.ts";
import type { Session } from "../model/session.ts";
import { differsAt, logWindow, PAGE } from "./log-window.ts";
import { viewAt } from "./store.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
}

export function Logs({ session, frame }: Props) {
  const [moved, setMoved] = useState(0);
  const view = viewAt(session, frame);
  const longest = Math.max(...[...view.servers.values()].map(({ log }) => log.length));
  const { indexes, hasEarlier, hasLater } = logWindow(frame.step, longest, moved);
  const differs = frame.step?.divergence == null ? null : differsAt(frame.step.divergence);
  const region = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLTableCellElement>(null);
  // There may be room for a few columns only: the one that differs is among them.
  useLayoutEffect(() => {
    if (region.current === null || column.current === null) return;
    const { offsetLeft, offsetWidth } = column.current;
    region.current.scrollLeft = offsetLeft + offsetWidth - region.current.clientWidth / 2;
  }, [session.position, session.path, differs, indexes[0]]);
  return (
    <div class="logs" ref={region} tabindex={0} role="region" aria-label="Logs">
      <table>
        <thead>
          <tr>
            <th scope="col">server</th>
            <th scope="col">role</th>
            <th scope="col">term</th>
            <th scope="col">vote</th>
            <th scope="col" title="commitIndex / lastApplied">
              commit
            </th>
            {indexes.map((index) => (
              <th
                scope="col"
                class={index === differs ? "index differs" : "index"}
                ref={index === differs ? column : null}
                key={index}
              >
                {index}
                {index === differs && <span class="hidden"> differs</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...view.servers].map(([server, state]) => (
            <tr key={server} class={frame.step?.event.server === server ? "actor" : ""}>
              <th scope="row">{server}</th>
              <td>{frame.network.down.has(server) ? "down" : state.role}</td>
              <td>{state.currentTerm}</td>
              <td>{state.votedFor ?? "–"}</td>
              <td>
                {state.commitIndex}/{state.lastApplied}
              </td>
              {indexes.map((index) => (
                <LogCell
                  key={index}
                  entry={state.log[index - 1] ?? null}
                  isCommitted={index <= state.commitIndex}
                  isCompacted={index <= state.snapshotIndex}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {(hasEarlier || hasLater) && (
        <div class="older">
          <button
            type="button"
            class="small"
            disabled={!hasEarlier}
            onClick={() => setMoved(moved + PAGE)}
          >
            ‹ earlier
          </button>
          <button
            type="button"
            class="small"
            disabled={!hasLater}
            onClick={() => setMoved(moved - PAGE)}
          >
            later ›
          </button>
          <span class="quiet">of {longest} indexes</span>
        </div>
      )}
    </div>
  );
}

interface CellProps {
  readonly entry: Entry | null;
  readonly isCommitted: boolean;
  /** Whether the server has forgotten it: its snapshot stands for it. */
  readonly isCompacted: boolean;
}

function LogCell({ entry, isCommitted, isCompacted }: CellProps) {
  if (entry === null) return <td class="cell" />;
  if (isCompacted) {
    return (
      <td class="cell compacted" title={`in the snapshot: ${entry.command ?? "no-op"}`}>
        snap
      </td>
    );
  }
  return (
    <td
      class={isCommitted ? "cell entry committed" : "cell entry"}
      data-term={entry.term % 8}
      title={entry.command ?? "a leader’s empty entry"}
    >
      <b>{entry.term}</b>
      <span>{entry.command === null ? "no-op" : shortened(entry.command)}</span>
      {isCommitted && <i title="committed, as this server knows">✓</i>}
    </td>
  );
}

const LONGEST_COMMAND = 8;

function shortened(command: string): string {
  return command.length <= LONGEST_COMMAND ? command : `${command.slice(0, LONGEST_COMMAND - 1)}…`;
}

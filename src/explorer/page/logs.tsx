/** Every server's variables and log, one row each, index under index as in the paper's figures. */
import { useState } from "preact/hooks";
import type { Entry } from "../../core/index.ts";
import type { Frame } from "../model/frame.ts";
import type { Session } from "../model/session.ts";
import { viewAt } from "./store.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
}

const LEAST_COLUMNS = 5;
const MOST_COLUMNS = 12;

export function Logs({ session, frame }: Props) {
  const [moved, setMoved] = useState(0);
  const view = viewAt(session, frame);
  const longest = Math.max(...[...view.servers.values()].map(({ log }) => log.length));
  const hidden = Math.max(0, longest - MOST_COLUMNS);
  const first = Math.max(1, Math.min(hidden + 1, firstIndex(frame, hidden) - moved));
  const columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, longest));
  const indexes = Array.from({ length: columns }, (_, i) => first + i);
  return (
    <div class="logs" tabindex={0} role="region" aria-label="Logs">
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
              <th scope="col" class="index" key={index}>
                {index}
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
      {hidden > 0 && (
        <div class="older">
          <button
            type="button"
            class="small"
            disabled={first === 1}
            onClick={() => setMoved(moved + MOST_COLUMNS)}
          >
            ‹ earlier
          </button>
          <button
            type="button"
            class="small"
            disabled={moved === 0}
            onClick={() => setMoved(Math.max(0, moved - MOST_COLUMNS))}
          >
            later ›
          </button>
          <span class="quiet">of {longest} indexes</span>
        </div>
      )}
    </div>
  );
}

/** The end of the logs is shown, or where the step changed one. */
function firstIndex({ step }: Frame, hidden: number): number {
  const changed = step?.event.action === "Restart" ? undefined : step?.event.changed?.log?.[0];
  return changed === undefined ? hidden + 1 : Math.min(hidden + 1, Math.max(1, changed - 2));
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

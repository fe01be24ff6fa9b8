/** Every server's variables and log, one row each, index under index as in the paper's figures. */
import type { Entry } from "../../core/index.ts";
import type { Frame } from "../model/frame.ts";
import type { Session } from "../model/session.ts";
import { viewAt } from "./store.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
}

const LEAST_COLUMNS = 6;

export function Logs({ session, frame }: Props) {
  const view = viewAt(session, frame);
  const longest = Math.max(...[...view.servers.values()].map(({ log }) => log.length));
  const columns = Math.max(LEAST_COLUMNS, longest);
  const indexes = Array.from({ length: columns }, (_, i) => i + 1);
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
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LogCell({ entry, isCommitted }: { entry: Entry | null; isCommitted: boolean }) {
  if (entry === null) return <td class="cell" />;
  return (
    <td class={isCommitted ? "cell entry committed" : "cell entry"} data-term={entry.term % 8}>
      <b>{entry.term}</b>
      <span>{entry.command ?? "no-op"}</span>
      {isCommitted && <i title="committed, as this server knows">✓</i>}
    </td>
  );
}

/** What the network, or bad luck, may do to what was picked on the stage. */
import type { Frame } from "../model/frame.ts";
import { envelopeOf } from "../model/network.ts";
import { type Picked, store } from "./store.ts";
import { messageWords } from "./words.ts";

interface Props {
  readonly frame: Frame;
  readonly picked: Picked | null;
}

export function Picks({ frame, picked }: Props) {
  if (picked === null) return null;
  return picked.kind === "server" ? (
    <ServerPicks frame={frame} server={picked.id} />
  ) : (
    <MessagePicks frame={frame} id={picked.id} />
  );
}

function MessagePicks({ frame, id }: { readonly frame: Frame; readonly id: string }) {
  const envelope = envelopeOf(frame.network, id);
  if (envelope === undefined) return null;
  const { message, isHeld } = envelope;
  return (
    <div class="picks">
      <p>{messageWords(message)}.</p>
      <button type="button" onClick={() => store.move({ kind: "drop", message: id })}>
        Lose it
      </button>
      <button type="button" onClick={() => store.move({ kind: "duplicate", message: id })}>
        Duplicate it
      </button>
      <button
        type="button"
        onClick={() => store.move({ kind: isHeld ? "release" : "hold", message: id })}
      >
        {isHeld ? "Let it go on" : "Delay it"}
      </button>
    </div>
  );
}

function ServerPicks({ frame, server }: { readonly frame: Frame; readonly server: string }) {
  const servers = [...frame.timers.keys()];
  const others = servers.filter((each) => each !== server);
  const isDown = frame.network.down.has(server);
  return (
    <div class="picks">
      <button type="button" disabled={isDown} onClick={() => store.move({ kind: "crash", server })}>
        Crash {server}
      </button>
      <button
        type="button"
        onClick={() => store.move({ kind: "partition", groups: [[server], others] })}
      >
        Cut {server} off
      </button>
    </div>
  );
}

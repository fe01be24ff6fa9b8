/** A server and a message, as they are drawn on the stage: shapes and words, not colour alone. */
import type { ServerState } from "../../replay/server-state.ts";
import { type Point, STAGE } from "./geometry.ts";
import { PILL_HEIGHT, type Pill } from "./pills.ts";
import { type Picked, store } from "./store.ts";
import { messageWords } from "./words.ts";

function pickOnKey(picked: Picked): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    store.set({ picked });
  };
}

interface MessageProps {
  readonly pill: Pill;
  readonly isCut: boolean;
  readonly isPicked: boolean;
}

export function MessageMark({ pill, isCut, isPicked }: MessageProps) {
  const { envelope, label, place, width } = pill;
  const { message, isHeld, isLost = false } = envelope;
  const picked: Picked = { kind: "message", id: message.id };
  const classes = ["message", (isCut || isLost) && "cut", isHeld && "held", isPicked && "picked"];
  return (
    <g
      class={classes.filter(Boolean).join(" ")}
      style={{ transform: `translate(${place.x}px, ${place.y}px)` }}
      role="button"
      tabindex={0}
      aria-label={`${label}: ${messageWords(message)}`}
      data-message={message.id}
      data-term={message.term % 8}
      onClick={() => store.set({ picked })}
      onKeyDown={pickOnKey(picked)}
    >
      <title>{messageWords(message)}</title>
      <rect
        x={-width / 2}
        y={-PILL_HEIGHT / 2}
        width={width}
        height={PILL_HEIGHT}
        rx={message.type.includes("Vote") ? 11 : 3}
      />
      <text dy="0.36em">{label}</text>
    </g>
  );
}

interface ServerProps {
  readonly server: string;
  readonly state: ServerState;
  readonly place: Point;
  /** Steps since its election timeout began; null where nobody counts. */
  readonly waited: number | null;
  readonly isDown: boolean;
  readonly isActor: boolean;
  readonly isPicked: boolean;
}

export function ServerMark(props: ServerProps) {
  const { server, state, place, waited, isDown, isActor, isPicked } = props;
  const picked: Picked = { kind: "server", id: server };
  const { radius } = STAGE;
  const role = isDown ? "down" : state.role;
  const { votedFor } = state;
  const vote = votedFor === null ? null : `voted for ${votedFor === server ? "itself" : votedFor}`;
  const classes = ["server", role, isActor && "actor", isPicked && "picked"];
  return (
    <g
      class={classes.filter(Boolean).join(" ")}
      transform={`translate(${place.x} ${place.y})`}
      role="button"
      tabindex={0}
      aria-label={[server, role, `term ${state.currentTerm}`, vote].filter(Boolean).join(" ")}
      data-server={server}
      data-term={state.currentTerm % 8}
      onClick={() => store.set({ picked })}
      onKeyDown={pickOnKey(picked)}
    >
      {!isDown && state.role !== "Leader" && (waited ?? 0) > 0 && <Timer waited={waited ?? 0} />}
      {!isDown && state.role === "Leader" && <circle class="ring" r={radius + 7} />}
      <circle class="body" r={radius} />
      <text class="name" y={-13}>
        {`${server} `}
      </text>
      <text class="role" y={5}>
        {`${role} `}
      </text>
      <text class="term" y={22}>
        {`term ${state.currentTerm} `}
      </text>
      {vote !== null && (
        <text class="vote" y={radius + 20}>
          {vote}
        </text>
      )}
    </g>
  );
}

/** After so many steps without its leader a server's timer is shown as run out. */
const PATIENCE = 24;

/** How long a server has waited: it may time out at any moment, whatever this shows. */
function Timer({ waited }: { readonly waited: number }) {
  const radius = STAGE.radius + 6;
  const length = 2 * Math.PI * radius;
  const share = Math.min(1, waited / PATIENCE);
  return (
    <circle
      class={share === 1 ? "timer full" : "timer"}
      r={radius}
      transform="rotate(-90)"
      style={{ strokeDasharray: `${share * length} ${length}` }}
    >
      <title>{`${waited} steps since its election timeout began`}</title>
    </circle>
  );
}

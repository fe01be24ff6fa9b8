/** The servers and the messages between them. */
import type { ServerState } from "../../replay/server-state.ts";
import type { Frame } from "../model/frame.ts";
import { type Envelope, isCut } from "../model/network.ts";
import type { Session } from "../model/session.ts";
import { onLane, type Point, placesOf, STAGE } from "./geometry.ts";
import { type Picked, store, viewAt } from "./store.ts";
import { messageLabel, messageWords } from "./words.ts";

interface Props {
  readonly session: Session;
  readonly frame: Frame;
  readonly picked: Picked | null;
}

export function Stage({ session, frame, picked }: Props) {
  const view = viewAt(session, frame);
  const places = placesOf(session.spec.servers);
  const at = (server: string): Point => places.get(server) ?? { x: 0, y: 0 };
  const lanes = new Map<string, Envelope[]>();
  for (const envelope of frame.network.inFlight) {
    const lane = `${envelope.message.from} ${envelope.message.to}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), envelope]);
  }
  return (
    <svg
      class="stage"
      viewBox={`0 0 ${STAGE.width} ${STAGE.height}`}
      role="group"
      aria-label="Servers and messages"
    >
      {[...lanes.values()].flatMap((lane) =>
        lane.map((envelope, i) => {
          const { from, to } = envelope.message;
          const place = onLane(at(from), at(to), (lane.length - i) / (lane.length + 1));
          return (
            <MessageMark
              key={envelope.message.id}
              envelope={envelope}
              place={place}
              isCut={isCut(frame.network, from, to)}
              isPicked={picked?.kind === "message" && picked.id === envelope.message.id}
            />
          );
        }),
      )}
      {[...view.servers].map(([server, state]) => (
        <ServerMark
          key={server}
          server={server}
          state={state}
          place={at(server)}
          isDown={frame.network.down.has(server)}
          isActor={frame.step?.event.server === server}
          isPicked={picked?.kind === "server" && picked.id === server}
        />
      ))}
    </svg>
  );
}

function pickOnKey(picked: Picked): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    store.set({ picked });
  };
}

interface MessageProps {
  readonly envelope: Envelope;
  readonly place: Point;
  readonly isCut: boolean;
  readonly isPicked: boolean;
}

function MessageMark({ envelope, place, isCut, isPicked }: MessageProps) {
  const { message, copies, isHeld } = envelope;
  const picked: Picked = { kind: "message", id: message.id };
  const classes = ["message", isCut && "cut", isHeld && "held", isPicked && "picked"];
  return (
    <g
      class={classes.filter(Boolean).join(" ")}
      transform={`translate(${place.x} ${place.y})`}
      role="button"
      tabindex={0}
      aria-label={`${messageWords(message)}${copies > 1 ? `, ${copies} copies` : ""}`}
      onClick={() => store.set({ picked })}
      onKeyDown={pickOnKey(picked)}
      data-term={message.term % 8}
    >
      <rect x={-24} y={-11} width={48} height={22} rx={message.type.includes("Vote") ? 11 : 3} />
      <text dy="0.36em">
        {messageLabel(message)}
        {copies > 1 ? ` ×${copies}` : ""}
      </text>
    </g>
  );
}

interface ServerProps {
  readonly server: string;
  readonly state: ServerState;
  readonly place: Point;
  readonly isDown: boolean;
  readonly isActor: boolean;
  readonly isPicked: boolean;
}

function ServerMark({ server, state, place, isDown, isActor, isPicked }: ServerProps) {
  const picked: Picked = { kind: "server", id: server };
  const { radius } = STAGE;
  const classes = [
    "server",
    state.role,
    isDown && "down",
    isActor && "actor",
    isPicked && "picked",
  ];
  return (
    <g
      class={classes.filter(Boolean).join(" ")}
      transform={`translate(${place.x} ${place.y})`}
      role="button"
      tabindex={0}
      aria-label={`${server}, ${isDown ? "down" : state.role} of term ${state.currentTerm}`}
      onClick={() => store.set({ picked })}
      onKeyDown={pickOnKey(picked)}
      data-term={state.currentTerm % 8}
    >
      {state.role === "Leader" && <circle class="ring" r={radius + 6} />}
      <circle class="body" r={radius} />
      <text class="name" y={-14}>
        {server}
      </text>
      <text class="role" y={4}>
        {isDown ? "down" : state.role}
      </text>
      <text class="term" y={21}>
        term {state.currentTerm}
      </text>
    </g>
  );
}

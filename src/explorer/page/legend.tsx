/** What the shapes on the stage mean. */
import type { ComponentChildren } from "preact";

export function Legend() {
  return (
    <details class="legend">
      <summary>What the drawing means</summary>
      <ul>
        <Shape shape={<RoundServer kind="Leader" />}>two rings: it leads its term</Shape>
        <Shape shape={<RoundServer kind="Candidate" />}>dashed: a candidate</Shape>
        <Shape shape={<RoundServer kind="down" />}>dotted: it is down</Shape>
        <Shape shape={<RoundServer kind="Follower actor" />}>thick: it took this step</Shape>
        <Shape shape={<Arc share={0.4} />}>
          an arc: its election timer, which grows with each step in which it hears of no leader
        </Shape>
        <Shape shape={<Arc share={1} />}>
          a whole red ring: it has waited long; but it may time out at any moment, early or late
        </Shape>
        <Shape shape={<Pill radius={8} />}>
          round: a vote is asked for, given (✓) or refused (✗)
        </Shape>
        <Shape shape={<Pill radius={2} />}>
          square: a leader’s request with so many entries (beat: none), or the answer: the log
          matches up to there (✓), or not (✗)
        </Shape>
        <Shape shape={<Pill radius={2} kind="cut" />}>
          dashed and pale: lost, held back, or cut off
        </Shape>
      </ul>
      <p class="quiet">Colours are terms; the numbers say which.</p>
    </details>
  );
}

interface ShapeProps {
  readonly shape: ComponentChildren;
  readonly children: ComponentChildren;
}

function Shape({ shape, children }: ShapeProps) {
  return (
    <li>
      <svg viewBox="-20 -14 40 28" aria-hidden="true">
        {shape}
      </svg>
      <span>{children}</span>
    </li>
  );
}

function RoundServer({ kind }: { readonly kind: string }) {
  return (
    <g class={`server ${kind}`} data-term={1}>
      {kind === "Leader" && <circle class="ring" r={12} />}
      <circle class="body" r={8} />
    </g>
  );
}

function Arc({ share }: { readonly share: number }) {
  const length = 2 * Math.PI * 11;
  return (
    <g class="server Follower" data-term={1}>
      <circle
        class={share === 1 ? "timer full" : "timer"}
        r={11}
        transform="rotate(-90)"
        style={{ strokeDasharray: `${share * length} ${length}` }}
      />
      <circle class="body" r={7} />
    </g>
  );
}

function Pill({ radius, kind = "" }: { readonly radius: number; readonly kind?: string }) {
  return (
    <g class={`message ${kind}`} data-term={1}>
      <rect x={-17} y={-8} width={34} height={16} rx={radius} />
    </g>
  );
}

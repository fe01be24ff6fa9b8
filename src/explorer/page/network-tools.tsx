/** Partitions: drawn as a line on the stage, or picked server by server. */
import { useState } from "preact/hooks";
import type { Frame } from "../model/frame.ts";
import { store } from "./store.ts";

export function NetworkTools({ frame }: { readonly frame: Frame }) {
  const [side, setSide] = useState<ReadonlySet<string>>(new Set());
  const servers = [...frame.timers.keys()];
  const { groups } = frame.network;
  if (frame.cluster === null) return null;
  const others = servers.filter((server) => !side.has(server));
  const toggle = (server: string): void => {
    const next = new Set(side);
    if (!next.delete(server)) next.add(server);
    setSide(next);
  };
  if (groups !== null) {
    return (
      <div class="network-tools">
        <span>Parted: {groups.map((group) => group.join(" ")).join(" ┃ ")}</span>
        <button type="button" class="small" onClick={() => store.move({ kind: "heal" })}>
          Heal the partition
        </button>
      </div>
    );
  }
  return (
    <details class="network-tools">
      <summary>Partition the network</summary>
      <p>Drag a line across the stage, or pick those on the one side:</p>
      {servers.map((server) => (
        <label key={server}>
          <input type="checkbox" checked={side.has(server)} onChange={() => toggle(server)} />
          {server}
        </label>
      ))}
      <button
        type="button"
        class="small"
        disabled={side.size === 0 || others.length === 0}
        onClick={() => store.move({ kind: "partition", groups: [[...side], others] })}
      >
        Part them
      </button>
    </details>
  );
}

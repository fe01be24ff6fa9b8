/** Steps at random, the same from the same seed: what "run" takes, and what a link can repeat. */
import type { Option } from "./choices.ts";
import type { Frame } from "./frame.ts";
import type { ClusterView } from "./view.ts";

/** A number at random below a bound, and the state after it. */
export function nextRandom(state: number): number {
  let x = state | 0 || 0x9e3779b9;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

/** Well mixed, so that seeds next to each other have little in common. */
export function randomFrom(seed: number): number {
  return nextRandom(nextRandom(Math.imul(seed + 1, 0x85ebca6b)));
}

/** One of the possible steps: those that a cluster in good health takes are the likelier. */
export function stepAtRandom(
  options: readonly Option[],
  frame: Frame,
  view: ClusterView,
  random: number,
): Option | null {
  const weighted = options
    .filter(({ isAllowed, obstacle }) => isAllowed && obstacle === null)
    .map((option) => ({ option, weight: weightOf(option, frame, view) }))
    .filter(({ weight }) => weight > 0);
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  let left = (random / 0x1_0000_0000) * total;
  for (const { option, weight } of weighted) {
    left -= weight;
    if (left < 0) return option;
  }
  return weighted.at(-1)?.option ?? null;
}

function weightOf({ choice }: Option, frame: Frame, view: ClusterView): number {
  const { action, server, slice } = choice;
  switch (action) {
    case "Timeout":
      return timeoutWeight(server, frame, view);
    case "BecomeLeader":
      return 40;
    case "ClientRequest":
      return 2;
    case "AppendNoOp":
      return 4;
    case "SendAppendEntries":
      return sendWeight(server, slice?.peer ?? "", slice?.count ?? 0, frame);
    case "AdvanceCommitIndex":
      return 20;
    case "Apply":
      return 10;
    case "CompactLog":
      return 0.3;
    case "SendInstallSnapshot":
      return 0.1;
    case "Restart":
      return frame.network.down.has(server) ? 2 : 0.02;
    default:
      return action.startsWith("Handle") ? 12 : 0;
  }
}

/** It is rare while a leader of the newest term is heard, and sooner or later comes without. */
function timeoutWeight(server: string, frame: Frame, view: ClusterView): number {
  const { down } = frame.network;
  const newest = Math.max(...[...view.servers.values()].map(({ currentTerm }) => currentTerm));
  const isLed = [...view.servers].some(
    ([id, { role, currentTerm }]) => role === "Leader" && currentTerm === newest && !down.has(id),
  );
  const waited = frame.timers.get(server) ?? 0;
  if (isLed) return waited > 40 ? 1 : 0.01;
  return waited > 12 ? 3 : 0.2;
}

/** A leader sends what a peer lacks once, and beats where there is little to do. */
function sendWeight(server: string, peer: string, count: number, { network }: Frame): number {
  const isOnItsWay = network.inFlight.some(
    ({ message }) =>
      message.from === server && message.to === peer && message.type === "AppendEntriesRequest",
  );
  if (isOnItsWay) return 0;
  return count > 0 ? 8 : 0.4;
}

/**
 * What is between the servers on the stage. The spec needs none of it: there a message, once
 * sent, may be received never, once, again, and whenever. This is which of those happens.
 */
import type { ServerId } from "../../core/index.ts";
import type { TraceMessage } from "../../trace/format.ts";

/** A message on its way. */
export interface Envelope {
  readonly message: TraceMessage;
  readonly copies: number;
  /** Kept back until it is released: a delay. */
  readonly isHeld: boolean;
  /** In a recorded trace: nobody receives it. */
  readonly isLost?: boolean;
}

export interface Network {
  /** In the order in which they were sent. */
  readonly inFlight: readonly Envelope[];
  /** Servers that are down: they take no step until they restart. */
  readonly down: ReadonlySet<ServerId>;
  /** Groups that hear only each other; null where all hear all. */
  readonly groups: readonly (readonly ServerId[])[] | null;
}

export const CALM: Network = { inFlight: [], down: new Set(), groups: null };

/** Whether a partition keeps two servers apart. */
export function isCut(network: Network, from: ServerId, to: ServerId): boolean {
  const { groups } = network;
  return groups?.some((group) => group.includes(from) && !group.includes(to)) ?? false;
}

export function envelopeOf(network: Network, id: string): Envelope | undefined {
  return network.inFlight.find(({ message }) => message.id === id);
}

/** After a step that received one message, which is thereby used up, and sent others. */
export function afterStep(
  network: Network,
  received: string | null,
  sent: readonly TraceMessage[],
): Network {
  const left = received === null ? network : withCopies(network, received, -1);
  const added = sent.map((message) => ({ message, copies: 1, isHeld: false }));
  return { ...left, inFlight: [...left.inFlight, ...added] };
}

/** One copy more, or one less; none are left where the last was lost. */
export function withCopies(network: Network, id: string, change: number): Network {
  const inFlight = network.inFlight
    .map((each) => (each.message.id === id ? { ...each, copies: each.copies + change } : each))
    .filter(({ copies }) => copies > 0);
  return { ...network, inFlight };
}

export function held(network: Network, id: string, isHeld: boolean): Network {
  const inFlight = network.inFlight.map((each) =>
    each.message.id === id ? { ...each, isHeld } : each,
  );
  return { ...network, inFlight };
}

export function withDown(network: Network, server: ServerId, isDown: boolean): Network {
  const down = new Set(network.down);
  if (isDown) down.add(server);
  else down.delete(server);
  return { ...network, down };
}

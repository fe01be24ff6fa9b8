/** Where a search begins: the steps that led there, and what may still arrive. */
import type { ServerId } from "../../../core/index.ts";
import type { TraceMessage } from "../../../trace/format.ts";
import type { Choice } from "../move.ts";
import { isCut } from "../network.ts";
import { frameOf, type Session } from "../session.ts";

export interface Start {
  /** What is found goes on from here. */
  readonly session: Session;
  readonly servers: readonly ServerId[];
  readonly steps: readonly {
    readonly choice: Choice;
    readonly message: TraceMessage | null;
    /** The rule that was forgotten when it was taken. */
    readonly forgotten: string | null;
  }[];
  /** On their way, and kept back by nothing. */
  readonly inFlight: readonly TraceMessage[];
  readonly down: ReadonlySet<ServerId>;
  /** Whether a partition keeps two servers apart. */
  readonly isCut: (from: ServerId, to: ServerId) => boolean;
}

/** Where one is in an execution. */
export function startAt(session: Session): Start {
  const { path, position, spec } = session;
  const { network } = frameOf(session);
  const steps = Array.from({ length: position }, (_, i) => path.at(i + 1)).flatMap((frame) =>
    frame.move?.kind === "step"
      ? [
          {
            choice: frame.move.choice,
            message: frame.step?.received ?? null,
            forgotten: frame.forgotten?.rule ?? null,
          },
        ]
      : [],
  );
  const { down, inFlight } = network;
  return {
    session,
    servers: spec.servers,
    steps,
    inFlight: inFlight.filter(({ isHeld }) => !isHeld).map(({ message }) => message),
    down,
    isCut: (from, to) => isCut(network, from, to),
  };
}

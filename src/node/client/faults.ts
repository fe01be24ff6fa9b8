import type { Answer } from "./server-connection.ts";

/** No server was asked: nobody could be reached, or it is not the one that is meant. */
export interface NoConnection {
  readonly status: "unreachable" | "misdirected";
  readonly reason: string;
}

/** What is not an execution. */
export type Fault = Exclude<Answer, { readonly status: "executed" }> | NoConnection;

/** How much a fault tells of what is wrong: what tells most comes first. */
const RANKS: Readonly<Record<Fault["status"], number>> = {
  misdirected: 0,
  refused: 1,
  notLeader: 2,
  unknown: 3,
  lost: 3,
  unreachable: 4,
};

/** What was wrong with each server when it was asked last, for who has asked in vain. */
export class Faults {
  readonly #byServer = new Map<string, { readonly fault: Fault; readonly text: string }>();

  /** @param name the server, as it is to be told of. @returns the fault in words */
  note(server: string, name: string, fault: Fault): string {
    const text = `${name}${textOf(fault)}`;
    this.#byServer.set(server, { fault, text });
    return text;
  }

  /** Whether none of them is the one that is meant: to ask again is of no use. */
  areAllMisdirected(servers: readonly string[]): boolean {
    return servers.every((server) => this.#byServer.get(server)?.fault.status === "misdirected");
  }

  /** All of them in words, those first that tell most. */
  toString(): string {
    const found = [...this.#byServer.values()];
    found.sort((a, b) => RANKS[a.fault.status] - RANKS[b.fault.status]);
    return found.map(({ text }) => text).join("; ");
  }
}

function textOf(fault: Fault): string {
  switch (fault.status) {
    case "notLeader":
      return " does not lead";
    case "refused":
      return ` refuses it: ${fault.reason}`;
    default:
      return `: ${fault.reason}`;
  }
}

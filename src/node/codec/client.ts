import type { Index, ServerId } from "../../core/index.ts";
import { type ByteReader, type ByteWriter, DecodeError } from "./bytes.ts";
import { FRAME } from "./frame-kind.ts";

/** What a client asks: the bytes of a kind never get another meaning. */
const REQUEST_KINDS = { propose: 1, read: 2, status: 3 } as const;

export type RequestKind = keyof typeof REQUEST_KINDS;

/** A client's request. Answers name it by its number, since they may come in another order. */
export interface Request {
  readonly number: number;
  readonly kind: RequestKind;
  /** The command or the query; empty for the status. */
  readonly text: string;
}

/** What a server answers to a request. */
export type ResponseOutcome =
  /** The state machine's answer, or the status as JSON. */
  | { readonly status: "executed"; readonly index: Index; readonly answer: string }
  /** Not taken. Clients of this cluster reach the leader at `address`, where the server knows. */
  | {
      readonly status: "notLeader";
      readonly leader: ServerId | null;
      readonly address: string | null;
    }
  /** Not taken, and never executed. */
  | { readonly status: "refused"; readonly reason: string }
  /** Taken, and whether it is executed cannot be told. */
  | { readonly status: "unknown"; readonly reason: string };

const OUTCOMES = { executed: 1, notLeader: 2, refused: 3, unknown: 4 } as const satisfies {
  readonly [Status in ResponseOutcome["status"]]: number;
};

export interface Response {
  /** The request that is answered. */
  readonly number: number;
  readonly outcome: ResponseOutcome;
}

export function writeRequest(writer: ByteWriter, { number, kind, text }: Request): void {
  writer.byte(FRAME.request);
  writer.integer(number);
  writer.byte(REQUEST_KINDS[kind]);
  writer.text(text);
}

/** Reads what follows the kind of the frame, to its end. Throws a DecodeError. */
export function readRequest(reader: ByteReader): Request {
  const number = reader.integer();
  const kind = kindOf(reader.byte());
  const text = reader.text();
  reader.end();
  return { number, kind, text };
}

function kindOf(byte: number): RequestKind {
  switch (byte) {
    case REQUEST_KINDS.propose:
      return "propose";
    case REQUEST_KINDS.read:
      return "read";
    case REQUEST_KINDS.status:
      return "status";
    default:
      throw new DecodeError(`there is no request of kind ${byte}`);
  }
}

export function writeResponse(writer: ByteWriter, { number, outcome }: Response): void {
  writer.byte(FRAME.response);
  writer.integer(number);
  writer.byte(OUTCOMES[outcome.status]);
  switch (outcome.status) {
    case "executed":
      writer.integer(outcome.index);
      writer.text(outcome.answer);
      return;
    case "notLeader":
      writer.text(outcome.leader ?? "");
      writer.text(outcome.address ?? "");
      return;
    case "refused":
    case "unknown":
      writer.text(outcome.reason);
      return;
  }
}

/** Reads what follows the kind of the frame, to its end. Throws a DecodeError. */
export function readResponse(reader: ByteReader): Response {
  const number = reader.integer();
  const outcome = readOutcome(reader);
  reader.end();
  return { number, outcome };
}

function readOutcome(reader: ByteReader): ResponseOutcome {
  const byte = reader.byte();
  switch (byte) {
    case OUTCOMES.executed:
      return { status: "executed", index: reader.integer(), answer: reader.text() };
    case OUTCOMES.notLeader:
      return {
        status: "notLeader",
        leader: reader.text() || null,
        address: reader.text() || null,
      };
    case OUTCOMES.refused:
      return { status: "refused", reason: reader.text() };
    case OUTCOMES.unknown:
      return { status: "unknown", reason: reader.text() };
    default:
      throw new DecodeError(`there is no outcome ${byte}`);
  }
}

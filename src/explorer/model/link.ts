/** Moves in few letters, so that an execution fits in the address of the page. */
import type { Action, ServerId } from "../../core/index.ts";
import { type Choice, choice, type Move } from "./move.ts";

/** What a link carries. */
export interface Link {
  readonly servers: number;
  readonly moves: readonly Move[];
  /** Where in the execution one is. */
  readonly position: number;
  /** What chance goes on from; null where nothing was left to it. */
  readonly seed: number | null;
}

/** One letter an action; those that handle a message are known by the message. */
const LETTERS: Readonly<Partial<Record<Action, string>>> = {
  Timeout: "T",
  BecomeLeader: "B",
  ClientRequest: "C",
  AppendNoOp: "N",
  SendAppendEntries: "S",
  AdvanceCommitIndex: "A",
  Apply: "P",
  Restart: "X",
  CompactLog: "K",
  SendInstallSnapshot: "Z",
  ReadRequest: "Q",
  ConfirmLeadership: "O",
  AnswerRead: "Y",
  HandleRequestVoteRequest: "RV",
  HandleRequestVoteResponse: "RW",
  HandleAppendEntriesRequest: "RE",
  HandleAppendEntriesResponse: "RF",
  HandleInstallSnapshotRequest: "RI",
  HandleConfirmLeadershipRequest: "RL",
  HandleConfirmLeadershipResponse: "RM",
};

const FAULTS = { drop: "d", duplicate: "u", hold: "h", release: "l" } as const;

const numberOf = (server: ServerId): string => server.slice(1);
const idOf = (message: string): string => message.replace(/^s/, "").replaceAll(":", "-");

/** The part of an address after its #. */
export function formatLink({ servers, moves, position, seed }: Link): string {
  const parts = [`n=${servers}`];
  if (moves.length > 0) parts.push(`s=${moves.map(formatMove).join(".")}`);
  if (position !== moves.length) parts.push(`at=${position}`);
  if (seed !== null) parts.push(`seed=${seed}`);
  return parts.join("&");
}

/** What the part of an address after its # stands for; null where it is no execution. */
export function parseLink(text: string): Link | null {
  const fields = new Map(
    text.split("&").map((part): [string, string] => {
      const sign = part.indexOf("=");
      return sign < 0 ? [part, ""] : [part.slice(0, sign), part.slice(sign + 1)];
    }),
  );
  const servers = Number(fields.get("n"));
  if (!Number.isInteger(servers) || servers < 1 || servers > 9) return null;
  const words = (fields.get("s") ?? "").split(".").filter((word) => word !== "");
  const moves = words.map((word) => parseMove(word));
  if (moves.some((move) => move === null)) return null;
  const position = fields.has("at") ? Number(fields.get("at")) : moves.length;
  const seed = fields.has("seed") ? Number(fields.get("seed")) : null;
  return {
    servers,
    moves: moves.filter((move): move is Move => move !== null),
    position: Number.isInteger(position) ? position : moves.length,
    seed: seed === null || !Number.isInteger(seed) ? null : seed,
  };
}

function formatMove(move: Move): string {
  switch (move.kind) {
    case "step":
      return formatChoice(move.choice);
    case "drop":
    case "duplicate":
    case "hold":
    case "release":
      return `${FAULTS[move.kind]}${idOf(move.message)}`;
    case "crash":
      return `k${numberOf(move.server)}`;
    case "partition":
      return `g${move.groups.map((group) => group.map(numberOf).join("")).join("-")}`;
    case "heal":
      return "e";
    case "forget":
      if (move.forgotten === null) return "f";
      return `${move.forgotten.where === "code" ? "c" : "f"}-${move.forgotten.rule}`;
  }
}

function formatChoice({ action, server, received, command, index, slice, peer, round }: Choice) {
  const parts = [`${LETTERS[action] ?? ""}${numberOf(server)}`];
  if (received !== null) parts.push(idOf(received));
  if (command !== null) parts.push(encodeURIComponent(command).replaceAll(".", "%2E"));
  if (slice !== null) parts.push(numberOf(slice.peer), `${slice.prevLogIndex}`, `${slice.count}`);
  if (peer !== null) parts.push(numberOf(peer));
  if (round !== 0) parts.push(`${round}`);
  if (index !== 0) parts.push(`${index}`);
  return parts.join("-");
}

function parseMove(word: string): Move | null {
  const [head = "", ...rest] = word.split("-");
  const letters = /^[A-Za-z]+/.exec(head)?.[0] ?? "";
  const digits = head.slice(letters.length);
  const server = `s${digits}`;
  const fault = Object.entries(FAULTS).find(([, letter]) => letter === letters)?.[0];
  if (fault !== undefined) {
    const kind = fault as keyof typeof FAULTS;
    return { kind, message: messageId([digits, ...rest]) };
  }
  switch (letters) {
    case "k":
      return { kind: "crash", server };
    case "g":
      return {
        kind: "partition",
        groups: [digits, ...rest].map((group) => group.split("").map((number) => `s${number}`)),
      };
    case "e":
      return { kind: "heal" };
    case "f":
    case "c": {
      const [rule] = rest;
      if (rule === undefined) return { kind: "forget", forgotten: null };
      return { kind: "forget", forgotten: { rule, where: letters === "c" ? "code" : "both" } };
    }
    default:
      return parseStep(letters, server, rest);
  }
}

function parseStep(letters: string, server: ServerId, rest: readonly string[]): Move | null {
  const action = Object.entries(LETTERS).find(([, letter]) => letter === letters)?.[0] as
    | Action
    | undefined;
  if (action === undefined || !/^s\d$/.test(server)) return null;
  return { kind: "step", choice: choice(action, server, parametersIn(action, rest)) };
}

function parametersIn(action: Action, rest: readonly string[]): Partial<Choice> {
  const numbers = rest.map(Number);
  const [first = 0, second = 0, third = 0] = numbers;
  switch (action) {
    case "ClientRequest":
      return { command: decodeURIComponent(rest.join("-")) };
    case "SendAppendEntries":
      return { slice: { peer: `s${rest[0]}`, prevLogIndex: second, count: third } };
    case "SendInstallSnapshot":
      return { peer: `s${rest[0]}` };
    case "AdvanceCommitIndex":
    case "Apply":
    case "CompactLog":
      return { index: first };
    case "ReadRequest":
    case "AnswerRead":
      return rest.length === 2 ? { round: first, index: second } : { index: first };
    default:
      return action.startsWith("Handle") ? { received: messageId(rest) } : {};
  }
}

function messageId(parts: readonly string[]): string {
  return `s${parts.join(":")}`;
}

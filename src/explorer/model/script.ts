/** Moves in words, as the lessons have them: `s2 HandleRequestVoteRequest s1`, `drop s1 s3 ...`. */
import type { Action } from "../../core/index.ts";
import type { TraceMessage } from "../../trace/format.ts";
import type { Frame } from "./frame.ts";
import { type Choice, choice, type Move } from "./move.ts";
import { frameOf, make, type Session } from "./session.ts";
import { viewOf } from "./view.ts";

const FAULTS = ["drop", "duplicate", "hold", "release"] as const;

/** Makes the moves that lines stand for. @throws Error that names the line that cannot be made */
export function play(session: Session, lines: readonly string[]): Session {
  let now = session;
  for (const line of lines) {
    const next = make(now, moveOf(now, line));
    if (typeof next === "string") throw new Error(`"${line}" is not possible: ${next}`);
    now = next;
  }
  return now;
}

function moveOf(session: Session, line: string): Move {
  const frame = frameOf(session);
  const [first = "", second = "", ...rest] = line.split(/\s+/);
  const fault = FAULTS.find((kind) => kind === first);
  if (fault !== undefined) {
    return { kind: fault, message: messageIn(frame, second, rest[0] ?? "", rest[1] ?? "").id };
  }
  switch (first) {
    case "crash":
      return { kind: "crash", server: second };
    case "heal":
      return { kind: "heal" };
    case "partition": {
      const groups = line.slice("partition".length).split("|");
      return { kind: "partition", groups: groups.map((group) => group.trim().split(/\s+/)) };
    }
    case "forget":
      return {
        kind: "forget",
        forgotten: second === "nothing" ? null : { rule: second, where: "both" },
      };
    default: {
      const action = second as Action;
      return {
        kind: "step",
        choice: choice(action, first, parameters(session, first, action, rest)),
      };
    }
  }
}

function parameters(
  session: Session,
  server: string,
  action: Action,
  words: readonly string[],
): Partial<Choice> {
  const [first = ""] = words;
  switch (action) {
    case "ClientRequest":
      return { command: first };
    case "AdvanceCommitIndex":
    case "Apply":
    case "CompactLog":
      return { index: Number(first) };
    case "SendInstallSnapshot":
      return { peer: first };
    case "SendAppendEntries":
      return { slice: sliceOf(session, server, first, words[1]) };
    case "ReadRequest":
    case "AnswerRead":
      return { round: Number(first), index: Number(words[1]) };
    default: {
      if (!action.startsWith("Handle")) return {};
      const type = action.slice("Handle".length);
      return { received: messageIn(frameOf(session), first, server, type).id };
    }
  }
}

/** `2+1` is one entry after index 2; without it, what the peer lacks by nextIndex. */
function sliceOf(session: Session, server: string, peer: string, words: string | undefined) {
  if (words !== undefined) {
    const [prevLogIndex = 0, count = 0] = words.split("+").map(Number);
    return { peer, prevLogIndex, count };
  }
  const view = viewOf(frameOf(session).state, session.spec.servers, session.spec.names);
  const { nextIndex = {}, log = [] } = view.servers.get(server) ?? {};
  const prevLogIndex = Math.min((nextIndex[peer] ?? 1) - 1, log.length);
  return { peer, prevLogIndex, count: log.length - prevLogIndex };
}

/** The newest message of a type on its way from one server to another. */
function messageIn(frame: Frame, from: string, to: string, type: string): TraceMessage {
  const found = frame.network.inFlight.findLast(
    ({ message }) => message.from === from && message.to === to && message.type === type,
  );
  if (found === undefined) throw new Error(`there is no ${type} on its way from ${from} to ${to}`);
  return found.message;
}

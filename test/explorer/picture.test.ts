import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { LESSONS } from "../../src/explorer/lessons/index.ts";
import { playLesson } from "../../src/explorer/model/lesson-session.ts";
import { goTo, makeAll, newSession, type Session } from "../../src/explorer/model/session.ts";
import { viewOf } from "../../src/explorer/model/view.ts";
import { pictureOf } from "../../src/explorer/page/picture/picture.ts";
import { messageLabel } from "../../src/explorer/page/words.ts";

/** The words of a picture, text by text. @throws where it is not well-formed */
function wordsOf(svg: string): readonly string[] {
  const words: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ local, uri }) => {
    expect(uri).toBe("http://www.w3.org/2000/svg");
    if (local === "text") words.push("");
  });
  parser.on("text", (text) => {
    if (words.length > 0) words[words.length - 1] += text;
  });
  parser.write(svg).close();
  return words;
}

function lesson(id: string, page: number): Session {
  const found = LESSONS.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  const { session, places } = playLesson(found);
  return goTo(session, places.at(page) ?? 0);
}

describe("a moment as a picture", () => {
  test.each([
    ["replication", 3],
    ["split-vote", 2],
    ["snapshots", -1],
    ["two-leaders", 2],
    ["figure-8-forgotten", -1],
  ])("of %s is well-formed and has servers, logs and messages", (id, page) => {
    const session = lesson(id, page);
    const words = wordsOf(pictureOf(session));
    const frame = session.path.at(session.position);
    const view = viewOf(frame.state, session.spec.servers, session.spec.names);
    for (const [server, { log, snapshotIndex, commitIndex, lastApplied }] of view.servers) {
      // On the stage, in the table (and there as a vote) and in the diagram.
      expect(words.filter((each) => each === server).length, server).toBeGreaterThanOrEqual(3);
      expect(words).toContain(`${commitIndex}/${lastApplied}`);
      for (const { term, command } of log.slice(snapshotIndex)) {
        expect(words).toContain(`${term} ${command ?? "no-op"}`);
      }
    }
    for (const { message, isHeld } of frame.network.inFlight) {
      if (!isHeld) expect(words.some((each) => each.startsWith(messageLabel(message)))).toBe(true);
    }
    for (const name of session.path.fallenAt(session.position).keys()) {
      expect(words.join(" ").replaceAll(" ", "")).toContain(name);
    }
  });

  test("needs no style sheet, and asks for nothing", () => {
    const picture = pictureOf(lesson("figure-8", -1));
    expect(picture).not.toMatch(/class=|style=|var\(|href|NaN|undefined/);
  });

  test("holds whatever a command holds", () => {
    const odd = `<&"\u0000\ud800>`;
    const choice = { received: null, index: 0, round: 0, slice: null, peer: null, command: null };
    const step = (action: "Timeout" | "BecomeLeader" | "ClientRequest", command: string | null) =>
      ({ kind: "step", choice: { ...choice, server: "s1", action, command } }) as const;
    const session = makeAll(newSession(1), [
      step("Timeout", null),
      step("BecomeLeader", null),
      step("ClientRequest", odd),
    ]);
    if (typeof session === "string") throw new Error(session);
    expect(wordsOf(pictureOf(session)).join(" ")).toContain('<&"');
  });
});

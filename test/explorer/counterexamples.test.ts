import { describe, expect, test } from "vitest";
import { replayEvents } from "../../src/explorer/model/replay.ts";
import { newSession } from "../../src/explorer/model/session.ts";
import type { Sources } from "../../src/explorer/model/sources.ts";
import { readTraceText } from "../../src/explorer/model/trace-text.ts";
import { readSources } from "../../src/setup/page.mjs";

const sources: Sources = readSources();

/**
 * Without these the leader counts an entry beyond its own log, where the spec of traces leaves it
 * no nextIndex: the page says that they cannot be played.
 */
const BEYOND_THE_LOG = ["ResponseIsOfThisTerm", "IsAcknowledgement"];

/** Without these a type falls first, and then the others are not looked at. */
const TYPES_FALL_FIRST = ["CommitIndexAfter", "MayApply"];

describe("TLC’s counterexample without each rule, taken by the spec and the code of the page", () => {
  const rules = sources.rules.filter(({ name }) => `Forget${name}` in sources.counterexamples);

  test.each(rules.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
    const text = sources.counterexamples[`Forget${name}`] ?? "";
    const { header, events } = readTraceText(name, text);
    const session = replayEvents(newSession(header?.servers.length ?? 0), events, name);
    if (BEYOND_THE_LOG.includes(name)) {
      expect(session).toContain("have parted");
      return;
    }
    if (typeof session === "string") throw new Error(session);
    const { path } = session;
    expect(path.divergesAt).toBeNull();
    const lost = TYPES_FALL_FIRST.includes(name) ? "TypeOK" : rule.lost;
    expect([...path.fallenAt(path.length - 1).keys()]).toContain(lost);
  });
});

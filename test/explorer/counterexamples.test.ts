import { describe, expect, test } from "vitest";
import { replayEvents } from "../../src/explorer/model/replay.ts";
import { newSession } from "../../src/explorer/model/session.ts";
import type { Sources } from "../../src/explorer/model/sources.ts";
import { readTraceText } from "../../src/explorer/model/trace-text.ts";
import { readSources } from "../../src/setup/page.mjs";

const sources: Sources = readSources();

describe("TLC’s counterexample without each rule, taken by the spec and the code of the page", () => {
  const rules = sources.rules.filter(({ name }) => `Forget${name}` in sources.counterexamples);

  test.each(rules.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
    const text = sources.counterexamples[`Forget${name}`] ?? "";
    const { header, events } = readTraceText(name, text);
    const session = replayEvents(newSession(header?.servers.length ?? 0), events, name);
    if (typeof session === "string") throw new Error(session);
    const { path } = session;
    expect(path.divergesAt).toBeNull();
    expect([...path.fallenAt(path.length - 1).keys()]).toContain(rule.lost);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ACTIONS, parseTrace } from "../../src/trace/index.ts";
import { MESSAGE_TYPES } from "../../src/trace/message.ts";
import { workedExamples } from "./worked-examples.ts";

/**
 * `LOCKSTEP_WRITE_EXAMPLES=1 npx vitest run test/trace/examples.test.ts` writes the examples
 * anew, where the core or the format has changed on purpose.
 */
const writes = process.env.LOCKSTEP_WRITE_EXAMPLES === "1";

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../spec/examples/${name}`, import.meta.url));

const examples = workedExamples();

describe("the worked executions under spec/examples", () => {
  test.each([...examples])("%s is what the core writes", (name, content) => {
    if (writes) {
      mkdirSync(dirname(pathOf(name)), { recursive: true });
      writeFileSync(pathOf(name), content);
    }
    expect(readFileSync(pathOf(name), "utf8")).toBe(content);
    expect(parseTrace(content, name).events.length).toBeGreaterThan(3);
  });

  test("show every action and every message", () => {
    const events = [...examples].flatMap(([name, content]) => [
      ...parseTrace(content, name).events,
    ]);
    const actions = new Set(events.map(({ action }) => action));
    expect([...ACTIONS].filter((action) => !actions.has(action))).toEqual([]);
    const messages = events.flatMap(({ sent = [] }) => sent);
    const types = new Set(messages.map(({ type }) => type));
    expect(MESSAGE_TYPES.filter((type) => !types.has(type))).toEqual([]);
    const successes = messages.flatMap((message) => ("success" in message ? message.success : []));
    expect(new Set(successes)).toEqual(new Set([true, false]));
  });

  test("the same execution stands in one file and in a file a server", () => {
    const whole = parseTrace(examples.get("crash-and-restart.ndjson") ?? "", "whole").events;
    for (const server of ["s1", "s2", "s3"]) {
      const own = parseTrace(examples.get(`a-file-a-server/${server}.ndjson`) ?? "", server);
      expect(own.header).toMatchObject({ server, execution: "worked-example-1" });
      expect(own.events).toEqual(whole.filter((event) => event.server === server));
    }
  });
});

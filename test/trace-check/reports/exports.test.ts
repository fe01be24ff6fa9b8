import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SHIVIZ_EVENT, SHIVIZ_EXECUTION } from "../../../trace-check/exports/shiviz.ts";
import { record } from "../record.ts";
import { check, divergingTrace, valid, write } from "./run-check.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockstep-exports-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Clock = Readonly<Record<string, number>>;

interface Seen {
  readonly host: string;
  readonly clock: Clock;
  readonly event: string;
}

/** The executions of a log as ShiViz takes it apart: by one pattern, then by the other. */
function readShiviz(text: string): ReadonlyMap<string, readonly Seen[]> {
  const pieces = text.trim().split(new RegExp(SHIVIZ_EXECUTION.replace("?<trace>", ""), "m"));
  expect(pieces[0]).toBe("");
  const executions = new Map<string, readonly Seen[]>();
  for (let place = 1; place < pieces.length; place += 2) {
    const events = [...(pieces[place + 1] ?? "").matchAll(new RegExp(SHIVIZ_EVENT, "g"))];
    executions.set(
      pieces[place] ?? "",
      events.map(({ groups }) => ({
        host: groups?.host ?? "",
        clock: JSON.parse(groups?.clock ?? "null"),
        event: groups?.event ?? "",
      })),
    );
  }
  return executions;
}

function isBefore(one: Clock, other: Clock): boolean {
  return Object.entries(one).every(([host, count]) => count <= (other[host] ?? 0));
}

describe("lockstep check --format shiviz", () => {
  test("is taken apart by its patterns into every event, with clocks that order as causes do", async () => {
    const second = record({ seed: 12, servers: 5, events: 120 });
    await write(join(folder, "s", "a.ndjson"), valid);
    await write(join(folder, "s", "b.ndjson"), second);
    const { exitCode, stdout } = await check("--format", "shiviz", join(folder, "s"));
    expect(exitCode).toBe(0);
    const executions = readShiviz(stdout);
    expect([...executions.keys()]).toEqual([
      join(folder, "s", "a.ndjson"),
      join(folder, "s", "b.ndjson"),
    ]);
    for (const [trace, seen] of [
      [valid, executions.get(join(folder, "s", "a.ndjson")) ?? []],
      [second, executions.get(join(folder, "s", "b.ndjson")) ?? []],
    ] as const) {
      expect(seen.map(({ host }) => host)).toEqual(trace.events.map(({ server }) => server));
      const sends = new Map<string, Clock>();
      const last = new Map<string, number>();
      for (const [place, { server, sent, received, action }] of trace.events.entries()) {
        const { clock, event }: Seen = seen[place] ?? { host: "", clock: {}, event: "" };
        expect(event).toContain(action);
        // ShiViz refuses a host whose own count does not go up by one.
        expect(clock[server]).toBe((last.get(server) ?? 0) + 1);
        last.set(server, clock[server] ?? 0);
        if (received !== undefined) expect(isBefore(sends.get(received) ?? {}, clock)).toBe(true);
        for (const { id } of sent ?? []) sends.set(id, clock);
      }
    }
  });

  test("marks the event that diverges, and ends there", async () => {
    const file = await write(join(folder, "bad.ndjson"), await divergingTrace());
    const { stdout } = await check("--format", "shiviz", file);
    const seen = readShiviz(stdout).get(file) ?? [];
    expect(seen.filter(({ event }) => event.startsWith("DIVERGES"))).toEqual([seen.at(-1)]);
  });
});

/** Whether a value is an expression of the Informal Trace Format: Apalache's ADR-015. */
function isItf(value: unknown): boolean {
  if (typeof value === "boolean" || typeof value === "string") return true;
  if (Array.isArray(value)) return value.every(isItf);
  if (typeof value !== "object" || value === null) return false;
  const fields = Object.entries(value);
  const [first] = fields;
  if (first === undefined || !fields.some(([key]) => key.startsWith("#"))) {
    return fields.every(([, each]) => isItf(each));
  }
  const [key, content] = first;
  if (fields.length !== 1) return false;
  switch (key) {
    case "#bigint":
      return typeof content === "string" && /^-?\d+$/.test(content);
    case "#set":
    case "#tup":
      return Array.isArray(content) && content.every(isItf);
    case "#map":
      return (
        Array.isArray(content) &&
        content.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isItf))
      );
    default:
      return false;
  }
}

describe("lockstep check --format itf", () => {
  test("has every variable of the spec in every state, in the shape of ADR-015", async () => {
    const file = await write(join(folder, "itf.ndjson"), valid);
    const { exitCode, stdout } = await check("--format", "itf", file);
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout);
    expect(document["#meta"]).toMatchObject({ format: "ITF", source: file });
    expect(document.vars).toEqual(expect.arrayContaining(["currentTerm", "log", "commitIndex"]));
    expect(document.states).toHaveLength(valid.events.length + 1);
    for (const [index, { "#meta": meta, ...state }] of document.states.entries()) {
      expect(meta.index).toBe(index);
      expect(Object.keys(state).sort()).toEqual([...document.vars].sort());
      for (const [name, value] of Object.entries(state)) {
        expect(isItf(value), `${name} of ${index}: ${JSON.stringify(value)}`).toBe(true);
      }
    }
    expect(isItf({ "#map": [1, 2] }) || isItf(null) || isItf(1.5)).toBe(false);
  });

  test("says what the trace says, by the names that it has there", async () => {
    const file = await write(join(folder, "itf.ndjson"), valid);
    const { states } = JSON.parse((await check("--format", "itf", file)).stdout);
    const terms = new Map(valid.header.servers.map((server) => [server, 0]));
    for (const [place, { server, changed }] of valid.events.entries()) {
      terms.set(server, changed?.currentTerm ?? terms.get(server) ?? 0);
      expect(new Map(states[place + 1].currentTerm["#map"])).toEqual(
        new Map([...terms].map(([each, term]) => [each, { "#bigint": String(term) }])),
      );
    }
  });

  test("is of one trace: two are refused", async () => {
    await write(join(folder, "two", "a.ndjson"), valid);
    await write(join(folder, "two", "b.ndjson"), valid);
    await expect(check("--format", "itf", join(folder, "two"))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("is of one trace"),
    });
  });
});

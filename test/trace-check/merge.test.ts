import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../src/trace/format.ts";
import type { Trace } from "../../src/trace/reader.ts";
import { merge } from "../../trace-check/merge.ts";
import { record } from "./record.ts";
import { TLC_MILLISECONDS, tlcForTests } from "./tlc.ts";

const tlc = tlcForTests();
const whole = record({ seed: 7, events: 400, crashes: 10 });

/** The trace as each server would have written its own. */
function filesOf(trace = whole): readonly Trace[] {
  return trace.header.servers.map((server) => ({
    file: `${server}.ndjson`,
    header: { ...trace.header, server, execution: "e1" },
    events: trace.events.filter((event) => event.server === server),
  }));
}

function merged(files: readonly Trace[]) {
  const result = merge("e1", files);
  if (result.kind === "malformed") throw new Error(result.malformed.message);
  return result;
}

function faultOf(files: readonly Trace[]): string {
  const result = merge("e1", files);
  return result.kind === "malformed" ? result.malformed.message : "merged";
}

describe("the files of one execution", () => {
  test("are merged by cause and effect, whatever the order of the files", () => {
    const { loaded } = merged(filesOf());
    const sent = new Set<string>();
    const lastSeq = new Map<string, number>();
    for (const event of loaded.trace.events) {
      if (event.received !== undefined) expect(sent).toContain(event.received);
      expect(event.seq).toBe((lastSeq.get(event.server) ?? 0) + 1);
      lastSeq.set(event.server, event.seq);
      for (const message of event.sent ?? []) sent.add(message.id);
    }
    expect(loaded.trace.events.length).toBe(whole.events.length);
    expect(merged(filesOf().toReversed()).loaded.trace.events).toEqual(loaded.trace.events);
  });

  test("are a trace of the spec, and an event is found again in its file", {
    timeout: TLC_MILLISECONDS,
  }, async () => {
    const { loaded } = merged(filesOf());
    const place = loaded.trace.events.findLastIndex((event) => event.action === "Apply");
    const event = loaded.trace.events[place];
    if (event === undefined) throw new Error("nothing is applied");
    const damaged = {
      ...loaded.trace,
      events: loaded.trace.events.with(place, { ...event, index: 99 }),
    };
    const [valid, invalid] = await tlc().check([loaded.trace, damaged]);
    expect(valid?.divergence).toBeNull();
    expect(invalid?.divergence?.event).toBe(place);
    expect(loaded.placeOf(place)).toEqual({ file: `${event.server}.ndjson`, line: event.seq + 1 });
  });

  test("may log different variables", { timeout: TLC_MILLISECONDS }, async () => {
    const files = filesOf().map((file, number) =>
      number > 0
        ? file
        : {
            ...file,
            header: { ...file.header, variables: ["currentTerm"] as const },
            events: file.events.map(({ changed, ...event }): TraceEvent => {
              const { currentTerm } = changed ?? {};
              return currentTerm === undefined ? event : { ...event, changed: { currentTerm } };
            }),
          },
    );
    const [verdict] = await tlc().check([merged(files).loaded.trace]);
    expect(verdict?.divergence).toBeNull();
  });

  test("of which one is missing are refused where somebody heard of that server", () => {
    const said = faultOf(filesOf().slice(1));
    expect(said).toMatch(/^n[23]\.ndjson:\d+: received: n1:\d+:\d+ was sent by n1/);
    expect(said).toContain("Add that file");
  });

  test("of which one is missing are merged, with a note, where nobody did", () => {
    const [alone] = filesOf();
    if (alone === undefined) throw new Error("no file");
    const heard = alone.events.findIndex((event) => event.received !== undefined);
    const { notes } = merged([{ ...alone, events: alone.events.slice(0, Math.max(1, heard)) }]);
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain("there is no file of n2");
  });

  test("are refused where two are of one server", () => {
    const files = filesOf();
    const [first] = files;
    if (first === undefined) throw new Error("no file");
    expect(faultOf([...files, { ...first, file: "copy.ndjson" }])).toContain(
      "copy.ndjson:1: server: n1.ndjson is of server n1 in execution e1 too",
    );
  });

  test("are refused where they do not agree on the cluster", () => {
    const [first, ...others] = filesOf();
    if (first === undefined) throw new Error("no file");
    const other = { ...first, header: { ...first.header, servers: ["n1", "n2"] } };
    expect(faultOf([...others, other])).toContain(
      "Give every file of an execution the same servers",
    );
  });

  test("are one execution also where their headers name the servers in another order", () => {
    const [first, ...others] = filesOf();
    if (first === undefined) throw new Error("no file");
    const servers = [...first.header.servers].reverse();
    const turned = { ...first, header: { ...first.header, servers } };
    expect(faultOf([...others, turned])).toBe("merged");
  });

  test("go on where two events wait for each other", () => {
    const [first, second, ...others] = filesOf();
    if (first === undefined || second === undefined) throw new Error("no files");
    const knot = (file: Trace, other: Trace): Trace => ({
      ...file,
      events: file.events.map((event, place) =>
        place === 0
          ? { ...event, received: other.events.at(-1)?.sent?.[0]?.id ?? "n9:1:1" }
          : event,
      ),
    });
    const { loaded } = merged([knot(first, second), knot(second, first), ...others]);
    expect(loaded.trace.events.length).toBe(whole.events.length);
  });
});

import { describe, expect, test } from "vitest";
import { raftRules } from "../../src/core/index.ts";
import { parseTrace, type Trace, TraceFormatError, traceText } from "../../src/trace/index.ts";
import { createCompiledEngine } from "../../trace-check/compiled/engine.ts";
import type { Divergence, TraceToCheck } from "../../trace-check/engine.ts";
import { minimise } from "../../trace-check/minimise.ts";
import { recordRandomExecution } from "../trace/recorded-cluster.ts";
import { mutationsOf } from "./mutations/mutate.ts";
import { sample } from "./mutations/sample.ts";
import { record } from "./record.ts";

const engine = createCompiledEngine();

async function divergenceOf(trace: TraceToCheck): Promise<Divergence | null> {
  const [verdict] = await engine.check([trace]);
  return verdict?.divergence ?? null;
}

/** What makes two divergences the same one. */
function outline(divergence: Divergence | null) {
  return {
    server: divergence?.server,
    action: divergence?.action,
    kind: divergence?.kind,
    findings: divergence?.findings.map(({ name }) => name),
  };
}

describe("minimise", () => {
  const rules = { ...raftRules, logIsUpToDate: () => true, mayApply: () => true };
  const traces = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) =>
    record({ seed, events: 400, rules, servers: 5, timeouts: 60 }),
  );

  test("leaves the same divergence, by cause and effect, and as its last event", async () => {
    let seen = 0;
    for (const trace of traces) {
      const divergence = await divergenceOf(trace);
      if (divergence === null) continue;
      seen++;
      const minimal = minimise(trace, divergence);
      const again = await divergenceOf(minimal);
      expect(outline(again)).toEqual(outline(divergence));
      expect(again?.event).toBe(minimal.events.length - 1);
      expect(minimal.events.length).toBeLessThanOrEqual(divergence.event + 1);
      for (const server of trace.header.servers) {
        const seqs = minimal.events
          .filter((event) => event.server === server)
          .map(({ seq }) => seq);
        expect(seqs).toEqual(seqs.map((_, place) => place + 1));
      }
      const sent = new Set<string>();
      for (const event of minimal.events) {
        if (event.received !== undefined) expect(sent.has(event.received)).toBe(true);
        for (const { id } of event.sent ?? []) sent.add(id);
      }
    }
    expect(seen).toBeGreaterThan(3);
  });

  test("cannot be cut further: no server's last event is without use", async () => {
    for (const trace of traces) {
      const divergence = await divergenceOf(trace);
      if (divergence === null) continue;
      const minimal = minimise(trace, divergence);
      const last = minimal.events.at(-1);
      for (const server of trace.header.servers) {
        const place = minimal.events.findLastIndex((event) => event.server === server);
        const event = minimal.events[place];
        if (event === undefined || event === last) continue;
        const ids = new Set((event.sent ?? []).map(({ id }) => id));
        const isHeardOf = minimal.events.some(({ received }) => ids.has(received ?? ""));
        if (isHeardOf) continue;
        const shorter = { ...minimal, events: minimal.events.toSpliced(place, 1) };
        expect(outline(await divergenceOf(shorter))).not.toEqual(outline(divergence));
      }
    }
  });

  test("keeps the events up to the divergence where a violation needs all of them", async () => {
    const trace = record({ seed: 3, events: 100 });
    const place = trace.events.findLastIndex(({ action }) => action === "Apply");
    const event = trace.events[place];
    if (event === undefined) throw new Error("nothing is applied");
    const damaged = { ...trace, events: trace.events.with(place, { ...event, index: 99 }) };
    const divergence = await divergenceOf(damaged);
    if (divergence === null) throw new Error("no divergence");
    const minimal = minimise(damaged, divergence);
    expect(minimal.events.at(-1)).toMatchObject({ server: event.server, index: 99 });
    expect(minimal.events.length).toBeLessThan(place + 1);
  });

  test("leaves a receipt of what nobody sent with what its form asks for alone", async () => {
    const { servers } = record({ seed: 5, events: 300 }).header;
    const sizes: number[] = [];
    for (const trace of [1, 2, 3, 4, 5, 6].map((seed) => record({ seed, events: 300 }))) {
      for (const server of servers) {
        // As the file of one server does that ends early.
        const events = trace.events.filter((event) => event.server !== server || event.seq <= 25);
        const divergence = await divergenceOf({ ...trace, events });
        if (divergence?.kind !== "notSent") continue;
        const minimal = minimise({ ...trace, events }, divergence);
        const read = parseTrace(traceText(minimal.header, minimal.events), "minimal");
        const again = await divergenceOf({ ...minimal, events: read.events });
        expect(outline(again)).toEqual(outline(divergence));
        expect(again?.event).toBe(minimal.events.length - 1);
        const { received, changed = {} } = events[divergence.event] ?? {};
        expect(minimal.events.at(-1)?.received).toBe(received);
        // A change to a log goes on from the log before it, and that takes a history of its own.
        if ("log" in changed) expect(minimal.events.length).toBeLessThan(divergence.event);
        else expect(minimal.events.length).toBe(1);
        sizes.push(minimal.events.length);
      }
    }
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
  });

  test("leaves out what lies between, numbers anew, and says which steps they were", async () => {
    const { trace, divergence } = await longOne();
    const minimal = minimise(trace, divergence);
    expect(minimal.events.length).toBeLessThan((2 * (divergence.event + 1)) / 3);
    const read = parseTrace(traceText(minimal.header, minimal.events), "minimal");
    expect(outline(await divergenceOf({ name: "read", ...read }))).toEqual(outline(divergence));
    for (const event of minimal.events) {
      const seq = Number(/#(\d+)$/.exec(event.note ?? `#${event.seq}`)?.[1]);
      const original = trace.events.find(
        (each) => each.server === event.server && each.seq === seq,
      );
      expect(original?.action).toBe(event.action);
      expect(original?.changed).toEqual(event.changed);
    }
  });

  test("leaves of a damaged trace one that can be read, and diverges in the same way", async () => {
    let seen = 0;
    for (const damaged of damagedTraces(250)) {
      const divergence = await divergenceOf(damaged);
      if (divergence === null) continue;
      seen++;
      const minimal = minimise(damaged, divergence);
      const read = parseTrace(traceText(minimal.header, minimal.events), damaged.name);
      const again = await divergenceOf({ name: damaged.name, ...read });
      expect(outline(again), damaged.name).toEqual(outline(divergence));
      expect(again?.event, damaged.name).toBe(read.events.length - 1);
    }
    expect(seen).toBeGreaterThan(80);
  });

  /** Traces with one thing changed that are traces all the same. */
  function damagedTraces(most: number): readonly TraceToCheck[] {
    const bases = [1, 2, 5].map((seed): Trace => {
      const { header, events } = recordRandomExecution(seed, 120, ["s1", "s2", "s3"], true);
      return parseTrace(traceText(header, events), `seed ${seed}`);
    });
    const candidates = bases.flatMap((base) =>
      mutationsOf(base.header, base.events).map((mutation) => ({ base, mutation })),
    );
    return sample(candidates, most).flatMap(({ base, mutation }) => {
      const lines = [base.header, ...mutation.events].map((line) => JSON.stringify(line));
      const name = `${base.file}: ${mutation.what}`;
      try {
        return [{ name, ...parseTrace(lines.join("\n"), name) }];
      } catch (error) {
        if (error instanceof TraceFormatError) return [];
        throw error;
      }
    });
  }

  /** An execution that goes well for long. */
  async function longOne() {
    const forgetful = { ...raftRules, logIsUpToDate: () => true };
    for (let seed = 1; seed < 200; seed++) {
      const trace = record({ seed, events: 600, rules: forgetful, timeouts: 20 });
      const divergence = await divergenceOf(trace);
      if (divergence !== null && divergence.event > 150) return { trace, divergence };
    }
    throw new Error("all diverge early");
  }
});

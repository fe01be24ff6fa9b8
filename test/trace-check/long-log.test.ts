/** A divergence of a long log: it takes no more with each rule that is tried, and shows what differs. */
import { expect, test, vi } from "vitest";
import { packageFolder } from "../../src/setup/environment.ts";
import { lineOfEvent, parseTrace, traceText, VARIABLES } from "../../src/trace/index.ts";
import { judge } from "../../trace-check/compiled/engine.ts";
import type { TraceToCheck } from "../../trace-check/engine.ts";
import { explain } from "../../trace-check/explain.ts";
import { Names } from "../../trace-check/prepare.ts";
import { explanationText } from "../../trace-check/report.ts";
import { readWords } from "../../trace-check/words.ts";
import { RecordedCluster } from "../trace/recorded-cluster.ts";

const words = await readWords(packageFolder());

const ENTRIES = 300;

/** A follower takes in many entries but the last, and becomes a candidate by it. */
function damagedTrace(): TraceToCheck {
  const ids = ["s1", "s2", "s3"];
  const cluster = new RecordedCluster(ids, { maxEntriesPerRequest: ENTRIES });
  cluster.timeout("s1");
  cluster.deliverAll(["s3"]);
  cluster.loseTo("s3");
  const commands = Array.from({ length: ENTRIES }, (_, place) => `put key ${place}`);
  cluster.propose("s1", ...commands);
  cluster.deliverAll(["s3"]);
  const fields = {
    servers: ids,
    variables: VARIABLES,
    implementation: { name: "test", version: "1" },
  };
  const { header, events } = parseTrace(traceText(fields, cluster.events), "long");
  const place = events.findIndex(({ changed }) => changed?.log?.[1].length === ENTRIES);
  const event = events[place];
  if (event === undefined) throw new Error("no request has all entries");
  const [from, entries] = event.changed?.log ?? [1, []];
  const changed = {
    ...event.changed,
    log: [from, entries.slice(0, -1)] as const,
    role: "Candidate" as const,
  };
  return { name: "long", header, events: [...events.slice(0, place), { ...event, changed }] };
}

test("two logs that begin alike are shown from where they differ", () => {
  const trace = damagedTrace();
  const { divergence } = judge(trace);
  if (divergence === null) throw new Error("the trace does not diverge");
  const placeOf = (event: number) => ({ file: "long.ndjson", line: lineOfEvent(event) });
  const text = explanationText(explain({ trace, placeOf }, divergence, words));
  expect(text).toContain(`
  differs    log
             expected by the spec   the first 300 are the same, then [{"term":1,"command":"put key 299"}]
             actual in the trace    the first 300 are the same, then []
`);
});

test("its entries are put into words once, and not for each set of rules", () => {
  const trace = damagedTrace();
  const { divergence } = judge(trace);
  if (divergence === null) throw new Error("the trace does not diverge");
  const told = vi.spyOn(Names.prototype, "commandNumbered");
  const numbered = vi.spyOn(Names.prototype, "command");
  const placeOf = (event: number) => ({ file: "long.ndjson", line: lineOfEvent(event) });
  const { because } = explain({ trace, placeOf }, divergence, words);
  expect(because.map(({ name }) => name)).toEqual(["log", "role"]);
  expect(told.mock.calls.length).toBeLessThan(10 * ENTRIES);
  expect(numbered.mock.calls.length).toBeLessThan(30 * ENTRIES);
});

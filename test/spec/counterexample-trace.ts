import type { Model } from "../../src/model-check/manifest.ts";
import type { PrintedState } from "../../src/model-check/tlc-report.ts";
import { BehaviourReader } from "../../src/replay/behaviours.ts";
import { traceEventsOf } from "../../src/replay/to-trace.ts";
import { RAFT_VARIABLES } from "../../src/trace/format.ts";
import { traceText } from "../../src/trace/writer.ts";

/** A counterexample as a trace in our own format: what an implementation would log that does this. */
export function counterexampleTrace(model: Model, printed: readonly PrintedState[]): string {
  const text = printed.map(({ number, text }) => `State ${number}: <>\n${text}\n`).join("\n");
  const states = new BehaviourReader().parse(text, model.name);
  const forgotten = model.rule === undefined ? "" : ` without ${model.rule}`;
  return traceText(
    {
      servers: states[0]?.servers ?? [],
      variables: RAFT_VARIABLES,
      implementation: { name: `spec/Raft.tla${forgotten}`, version: "1" },
      replay: `npx lockstep model ${model.name}`,
      note: model.shows,
    },
    traceEventsOf(states),
  );
}

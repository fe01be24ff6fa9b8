import { counted } from "../src/trace/counted.ts";
import { type Engine, EngineError, type Verdict } from "./engine.ts";

/**
 * Two engines as one: every trace is checked by both, and they must find the same. The
 * verdicts are those of the first.
 *
 * @throws EngineError where they do not agree, which is a fault of one of them
 */
export function agreeing(first: Engine, second: Engine): Engine {
  return {
    name: "both",
    async check(traces) {
      const verdicts = await first.check(traces);
      const others = await second.check(traces);
      verdicts.forEach((verdict, place) => {
        const other = others[place];
        const found = outline(verdict);
        const otherFound = other === undefined ? "nothing" : outline(other);
        if (found === otherFound) return;
        throw new EngineError(
          `the engines do not agree on ${verdict.trace}: ${first.name} says ${found}, ` +
            `${second.name} says ${otherFound}. One of them is at fault: please report it, with the trace`,
        );
      });
      return verdicts;
    },
  };
}

function outline({ eventsChecked, divergence }: Verdict): string {
  if (divergence === null) return `valid, ${counted(eventsChecked, "event")}`;
  const names = divergence.findings.map((finding) => finding.name).join(", ");
  return `${divergence.kind} at event ${divergence.event + 1} (${names})`;
}

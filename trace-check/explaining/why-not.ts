/** The why-not of a divergence in sentences. */
import { counted } from "../../src/trace/counted.ts";
import type { Explanation } from "../explain.ts";
import type { Meaning } from "../meanings.ts";
import type { ComesNearest, NearAction, Reason } from "./reasons.ts";
import { joined } from "./tell.ts";

/** Where what else the event says cannot be held against its action. */
export function notAllText({ becauseIsAll, kind }: Explanation): readonly string[] {
  if (becauseIsAll || kind !== "notEnabled") return [];
  return ["What else may be another is not told: behind that guard the action has no value."];
}

/** What speaks against the event, in the words of its rule; of a variable, both its values. */
export function reasonText({ name, holds, meaning, facts }: Reason): string {
  const says = holds === null ? name : `${name} is ${holds}`;
  if (meaning !== undefined) return `${says}: ${meaningText(meaning)}`;
  return facts === null ? `${says}.` : `${says}: ${facts}`;
}

/** Which rules forgotten come nearest to the event, and what they leave. */
export function nearestText({ rules, sentence, left }: ComesNearest): string {
  const names = joined(rules, "and");
  if (left.length === 0) return `${names} forgotten together: ${sentence}`;
  const together = rules.length === 1 ? "" : " together";
  return `${names} forgotten${together}, in part: ${sentence} That leaves ${joined(left, "and")}.`;
}

/** What another action makes of the event: what differs follows. */
export function nearActionText({ action, because }: NearAction): string {
  if (because.length === 0) return `As ${action} it would be a step of the spec.`;
  return `As ${action} it would differ in ${counted(because.length, "thing")}:`;
}

/** The sentence, and where the paper says it. */
function meaningText({ sentence, section }: Meaning): string {
  return section === "" ? sentence : `${sentence} (Raft, section ${section})`;
}

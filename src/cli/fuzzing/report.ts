/** What `lockstep fuzz` tells people. */
import type { CheckResult } from "../../../trace-check/check.ts";
import { PLAIN, textReport } from "../../../trace-check/report.ts";
import type { CampaignResult, UndecidedHistory } from "../../sim/campaign.ts";
import { FAULT_KINDS } from "../../sim/faults.ts";
import type { CommandIo } from "../command.ts";
import { styled } from "../io.ts";
import { counted, withCommas } from "../progress.ts";
import type { RunVerdict } from "../verdict.ts";
import type { ReplayedFailure, ToldFailure } from "./failure.ts";
import type { FuzzOptions } from "./options.ts";

/** Histories that were not decided, and are named in the text. */
const MOST_NAMED = 5;

/** What was run, in a few lines. */
export function campaignText(result: CampaignResult, eventsPerSecond: number): string {
  const faults = FAULT_KINDS.map((kind) => `${kind} ${result.faults[kind]}`);
  const missing = Object.entries(result.actions).filter(([, count]) => count === 0);
  return [
    `${counted(result.runs, "run")}, ${counted(result.events, "event")} ` +
      `(${withCommas(eventsPerSecond)} a second), ${counted(result.commands, "command")}`,
    ...wrap("faults", faults),
    missing.length === 0
      ? `actions  all ${Object.keys(result.actions).length} of the spec`
      : `actions  without ${missing.map(([action]) => action).join(", ")}`,
    ...(result.judgedTraces === 0 ? [] : [checkedText(result)]),
    ...(result.undecided.length === 0 ? [] : [undecidedText(result.undecided)]),
    "",
  ].join("\n");
}

function checkedText({ judgedTraces, judgedEvents }: CampaignResult): string {
  const what = `${counted(judgedTraces, "trace")}, ${counted(judgedEvents, "event")}`;
  return `checked  ${what}, against the spec`;
}

function undecidedText(undecided: readonly UndecidedHistory[]): string {
  const histories = counted(undecided.length, "history was", "histories were");
  const named = undecided.slice(0, MOST_NAMED).map(({ seed, key }) => `${key} of seed ${seed}`);
  const more = undecided.length > named.length ? ", ..." : "";
  return `undecided  ${histories} too much for the check of linearizability: ${named.join(", ")}${more}`;
}

/** What came of a campaign in which something may not have been decided. */
export function verdictOf({ failure, undecided }: CampaignResult): RunVerdict {
  if (failure !== null) return "violated";
  return undecided.length === 0 ? "holds" : "undecided";
}

/** Several to a line, under a title. */
function wrap(title: string, items: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < items.length; at += 5) {
    lines.push(`${at === 0 ? title.padEnd(7) : "       "}  ${items.slice(at, at + 5).join(", ")}`);
  }
  return lines;
}

/** A failure: what fell, the moves that it takes, and what the spec says of the first wrong step. */
export function failureText(failure: ReplayedFailure, io: CommandIo): string {
  const { property, explanation, moves, check } = failure;
  const headline =
    property === null
      ? "the trace diverges from the spec"
      : `${styled(io, "bold", property)} fell: ${explanation}`;
  return [
    `${styled(io, "red", "failure")}  ${headline}`,
    "",
    ...movesText(moves),
    check === null
      ? "The trace was not checked against the spec."
      : `Against the spec:\n${textReport(withoutReplay(check), PLAIN)}`,
    ...(failure.scheduleFile === null ? [] : [`schedule  ${failure.scheduleFile}`]),
    ...(failure.traceFile === null ? [] : [`trace     ${failure.traceFile}`]),
    `replay    ${styled(io, "bold", failure.replay)}`,
    "",
  ].join("\n");
}

/** The command is told once, at the end. */
function withoutReplay(check: CheckResult): CheckResult {
  const divergences = check.divergences.map((divergence) => ({ ...divergence, replay: null }));
  return { ...check, divergences };
}

function movesText(moves: readonly string[]): readonly string[] {
  if (moves.length === 0) return [];
  const lines = moves.map((move, place) => `${String(place + 1).padStart(4)}  ${move}`);
  return [`It takes ${counted(moves.length, "move")}:`, ...lines, ""];
}

/** A failure as `--json` has it. */
export function failureJson(failure: ReplayedFailure) {
  const { property, explanation, undecided, moves, events, check } = failure;
  const { scheduleFile, traceFile, replay } = failure;
  const firstWrongStep = check?.divergences[0] ?? null;
  return {
    property,
    explanation,
    undecided,
    moves,
    events,
    firstWrongStep,
    scheduleFile,
    traceFile,
    replay,
  };
}

/** The one document of `--json`. */
export function campaignJson(
  options: FuzzOptions,
  result: CampaignResult,
  failure: ToldFailure | null,
  eventsPerSecond: number,
) {
  const { runs, events, commands, faults, actions, undecided } = result;
  const failures =
    failure === null
      ? []
      : [{ seed: failure.seed, movesBefore: failure.movesBefore, ...failureJson(failure) }];
  return {
    verdict: verdictOf(result),
    runs,
    events,
    commands,
    faults,
    failures,
    eventsPerSecond,
    seed: options.seed,
    forgotten: options.forgotten,
    coverage: actions,
    checked: { traces: result.judgedTraces, events: result.judgedEvents },
    undecided,
  };
}

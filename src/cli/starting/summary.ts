/** The table with which `npm start` ends. */
import { FAULT_KINDS, type FaultKind } from "../../sim/faults.ts";
import { ACTIONS } from "../../trace/format.ts";
import type { CommandIo } from "../command.ts";
import { styled } from "../io.ts";
import { counted, duration, table, withCommas } from "../progress.ts";
import { type LoopResult, replayCommand } from "./loop.ts";

export interface Summary {
  readonly result: LoopResult;
  readonly sizes: readonly number[];
  /** What could not be done for lack of something on the machine. */
  readonly leftOut: readonly string[];
  readonly seconds: number;
}

/** What was done, what was seen, and whether it holds, for a reader who is new to all of it. */
export function summaryText(summary: Summary, io: CommandIo): string {
  const { result, leftOut, seconds } = summary;
  return [
    "",
    ...stageLines(summary, io),
    "",
    "Faults that the implementation met",
    columns(FAULT_KINDS.map((kind) => [FAULT_WORDS[kind], result.campaign.faults[kind]])),
    "",
    `Actions of the spec that it took (${takenActions(result)} of ${ACTIONS.length})`,
    columns(ACTIONS.map((action) => [action, result.campaign.actions[action]])),
    "",
    ...problemLines(summary, io),
    ...leftOut.map((what) => `${styled(io, "yellow", "left out")}  ${what}`),
    `${verdictText(summary, io)} ${duration(seconds)} in all.`,
    "",
  ].join("\n");
}

function verdictText({ result, leftOut }: Summary, io: CommandIo): string {
  switch (result.verdict) {
    case "violated":
      return styled(io, "red", "Something does not hold: see above.");
    case "undecided":
      return styled(io, "yellow", "Nothing was found wrong, and not everything could be decided.");
    case "holds":
      return leftOut.length > 0
        ? styled(io, "yellow", "What was checked holds; something was left out.")
        : styled(io, "green", "Everything holds.");
  }
}

function stageLines({ result, sizes }: Summary, io: CommandIo): string[] {
  const { model, campaign, fuzzSeconds, engines } = result;
  const good = (isGood: boolean) => (isGood ? styled(io, "green", "✓") : styled(io, "red", "✗"));
  const rows: string[][] = [];
  if (model !== null) {
    const states = withCommas(model.distinctStates ?? 0);
    const what =
      model.result === "pass"
        ? `all ${states} states of the model ${model.name} keep every property`
        : `not all states of the model ${model.name} keep every property`;
    rows.push(["the spec", what, duration(model.seconds), good(model.ok)]);
  }
  const { runs, events, commands, failure } = campaign;
  rows.push([
    "the implementation",
    `${counted(runs, "execution")} of ${sizes.join(" and ")} servers under faults, ` +
      `${counted(events, "event")}, ${counted(commands, "command")}`,
    duration(fuzzSeconds),
    good(failure === null || failure.violation === null),
  ]);
  for (const { engine, events: checked, traces, invalid, seconds } of engines) {
    const what =
      invalid === 0
        ? `${counted(checked, "event")} of ${counted(traces, "execution")} are steps of the spec`
        : `${withCommas(invalid)} of ${counted(traces, "execution")} are none of the spec`;
    rows.push([ENGINE_WORDS[engine] ?? engine, what, duration(seconds), good(invalid === 0)]);
  }
  const marks = rows.map((row) => row[3] ?? "");
  const text = table(
    rows.map((row) => row.slice(0, 3)),
    [2],
  ).split("\n");
  return text.map((line, index) => `${marks[index]} ${line}`);
}

function takenActions({ actionsNotTaken }: LoopResult): number {
  return ACTIONS.length - actionsNotTaken.length;
}

/** Names and counts, two pairs a line. */
function columns(items: readonly (readonly [name: string, count: number])[]): string {
  const half = Math.ceil(items.length / 2);
  const rows = items.slice(0, half).map(([name, count], row) => {
    const [secondName, secondCount] = items[row + half] ?? ["", null];
    return [
      `  ${name}`,
      withCommas(count),
      `  ${secondName}`,
      secondCount === null ? "" : withCommas(secondCount),
    ];
  });
  return table(rows, [1, 3]);
}

function problemLines({ result, sizes }: Summary, io: CommandIo): string[] {
  const lines: string[] = [];
  const add = (text: string) => lines.push(`${styled(io, "red", "✗")} ${text}`);
  for (const problem of result.model?.problems ?? []) add(`${result.model?.name}: ${problem}`);
  const { failure } = result.campaign;
  if (failure !== null) {
    add(
      failure.violation !== null
        ? `seed ${failure.seed}: ${failure.violation.property} fell. ${failure.violation.explanation}`
        : `seed ${failure.seed}: ${failure.divergence.action} of ${failure.divergence.server} ` +
            `(event ${failure.divergence.event + 1}) is no step of the spec`,
    );
    lines.push(`  To see why: ${replayCommand(failure, sizes)}`);
  }
  if (failure === null && result.faultsNotSeen.length > 0) {
    add(`no execution met: ${result.faultsNotSeen.map((kind) => FAULT_WORDS[kind]).join(", ")}`);
  }
  if (failure === null && result.actionsNotTaken.length > 0) {
    add(`no execution took: ${result.actionsNotTaken.join(", ")}`);
  }
  for (const { seed, key } of result.campaign.undecided) {
    lines.push(
      `${styled(io, "yellow", "?")} seed ${seed}: the history of ${key} was too much for the check of linearizability`,
    );
  }
  for (const { engine, events } of result.engines) {
    if (failure === null && events !== result.campaign.events) {
      add(
        `${engine} looked at ${withCommas(events)} of ${counted(result.campaign.events, "event")}`,
      );
    }
  }
  return lines.length === 0 ? [] : [...lines, ""];
}

const ENGINE_WORDS: Readonly<Record<string, string>> = {
  tlc: "checked by TLC",
  compiled: "checked, compiled",
};

const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  messageLost: "message lost",
  messageDuplicated: "message duplicated",
  messageDelayed: "message delayed",
  messageReordered: "message reordered",
  partition: "partition",
  oneWayPartition: "partition, one way",
  partialPartition: "partition, partial",
  crash: "crash",
  crashBeforePersisting: "crash before persisting",
  crashWhilePersisting: "crash while persisting",
  crashBeforeSending: "crash before sending",
  restart: "restart",
  groupCommit: "several steps persisted at once",
  fastClock: "clock too fast",
  slowClock: "clock too slow",
  clockJump: "clock jumps",
  answerLost: "answer to a client lost",
  clientRetry: "client tries again",
  clientRedirect: "client redirected",
};

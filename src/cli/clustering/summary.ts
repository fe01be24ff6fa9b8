/** What `lockstep cluster` tells at its end. */
import type { CheckResult } from "../../../trace-check/check.ts";
import { textReport } from "../../../trace-check/report.ts";
import type { ChaosCounts } from "../../cluster/chaos/injector.ts";
import type { ClusterResult } from "../../cluster/run-cluster.ts";
import { styleOf } from "../checking/engine.ts";
import type { CommandIo, ExitCode } from "../command.ts";
import { styled } from "../io.ts";
import { byNumber, counted, duration, table, withCommas } from "../progress.ts";
import { exitCodeOfVerdict, type RunVerdict } from "../verdict.ts";
import type { ClusterArguments } from "./arguments.ts";

/** What was run, and what came of it. */
export interface JudgedRun {
  readonly options: ClusterArguments;
  readonly result: ClusterResult;
  readonly check: CheckResult;
  readonly seconds: number;
}

export function verdictOf({ result, check }: JudgedRun): RunVerdict {
  const isEveryEventValid = check.traces > 0 && check.invalid === 0 && check.malformed.length === 0;
  const isFaultless =
    isEveryEventValid &&
    result.history.fault === null &&
    result.lost === null &&
    result.failures.length === 0;
  if (!isFaultless) return "violated";
  return result.history.undecided.length === 0 ? "holds" : "undecided";
}

export function exitCodeOf(run: JudgedRun): ExitCode {
  return exitCodeOfVerdict(verdictOf(run));
}

/** The command that does the same again, as far as processes and clocks can. */
export function againCommand({ servers, seconds, chaos, seed, clients }: ClusterArguments): string {
  return (
    `lockstep cluster --servers ${servers} --seconds ${seconds}${chaos ? " --chaos" : ""} ` +
    `--clients ${clients} --seed ${seed}`
  );
}

/** The run in words, for a reader who is new to all of it. */
export function summaryText(run: JudgedRun, io: CommandIo): string {
  const { options, result, check, seconds } = run;
  const verdict = verdictOf(run);
  return [
    ...problemLines(run, io),
    "",
    `${counted(options.servers, "server")}, ${counted(options.clients, "client")}, ${timeText(run)}, seed ${options.seed}`,
    "",
    ...judgementLines(run, io),
    "",
    ...(options.chaos ? ["What the cluster met", faultTable(result.chaos), ""] : []),
    ...clientLines(result),
    `Kept in ${options.folder}: the traces (lockstep check --engine compiled ${options.folder}), what the`,
    "clients saw (history.jsonl), what was done to the servers (chaos.jsonl), their disks and logs.",
    ...(verdict === "holds"
      ? []
      : [`Again: ${againCommand(options)} (the same faults; processes and clocks differ)`]),
    "",
    `${verdictText(verdict, io)} ${duration(seconds)} in all, ${counted(check.eventsPerSecond, "event")} a second checked.`,
    "",
  ].join("\n");
}

function timeText({ options, result }: JudgedRun): string {
  const { interruptedAfter } = result;
  if (interruptedAfter === null) return `${options.seconds} s`;
  return `interrupted after ${duration(interruptedAfter)} of ${options.seconds} s`;
}

function verdictText(verdict: RunVerdict, io: CommandIo): string {
  switch (verdict) {
    case "holds":
      return styled(io, "green", "Everything holds.");
    case "violated":
      return styled(io, "red", "Something does not hold.");
    case "undecided":
      return styled(io, "yellow", "Nothing was found wrong, and not everything could be decided.");
  }
}

function judgementLines({ options, result, check }: JudgedRun, io: CommandIo): readonly string[] {
  const { history, lost, acknowledged, failures } = result;
  const { answered, keys, unknown, undecided, fault } = history;
  const rows = [
    {
      isGood: check.traces > 0 && check.invalid === 0 && check.malformed.length === 0,
      what: "every step",
      text: `${counted(check.events, "event")} of ${counted(options.servers, "server")}, each held against the spec (${check.engine})`,
    },
    {
      isGood: fault === null && undecided.length === 0,
      isUndecided: fault === null,
      what: "linearizable",
      text:
        `${counted(answered, "operation")} on ${counted(keys, "key")}, as one store could have answered ${byNumber(answered, "it", "them")}` +
        (unknown === 0 ? "" : `; of ${withCommas(unknown)} more no client knows the outcome`) +
        (undecided.length === 0
          ? ""
          : `; not decided: ${undecided.join(", ")}, of which too many operations were under way at a time`),
    },
    {
      isGood: lost === null,
      what: "nothing lost",
      text: `${counted(acknowledged, "acknowledged command")}, ${byNumber(acknowledged, "", "each ")}on the disks of a majority`,
    },
    {
      isGood: failures.length === 0,
      what: "it serves",
      text: "no server ended by itself, and clients were served before and after all that was done",
    },
  ];
  const lines = table(rows.map(({ what, text }) => [what, text])).split("\n");
  return rows.map(({ isGood, isUndecided = false }, place) => {
    const bad = isUndecided ? styled(io, "yellow", "?") : styled(io, "red", "✗");
    const mark = isGood ? styled(io, "green", "✓") : bad;
    return `${mark} ${lines[place]}`;
  });
}

function problemLines({ result, check }: JudgedRun, io: CommandIo): readonly string[] {
  const { history, lost, failures } = result;
  const isInvalid = check.invalid > 0 || check.malformed.length > 0;
  const found = styled(io, "red", "found");
  return [
    ...(isInvalid ? [textReport(check, styleOf(io))] : []),
    ...(history.fault === null ? [] : [`${found}  not linearizable: ${history.fault.explanation}`]),
    ...(lost === null ? [] : [`${found}  lost: ${lost.explanation}`]),
    ...failures.map((failure) => `${found}  ${failure}`),
  ];
}

function faultTable(chaos: ChaosCounts): string {
  const bytes = `${counted(chaos.bytesLost, "byte")} written and not fsynced ${byNumber(chaos.bytesLost, "was", "were")} lost`;
  const rows = [
    [
      "kill -9",
      chaos.kills,
      `then started again; ${counted(chaos.powerLosses, "time")} with a loss of power:`,
    ],
    ["", null, bytes],
    ["partition", chaos.partitions, "nothing passes between a side and the others"],
    ["one-way partition", chaos.oneWayPartitions, "a server is not heard, or hears nothing"],
    ["pause", chaos.pauses, "SIGSTOP, and SIGCONT later"],
    ["delay", chaos.delays, "what a server sends and hears takes longer"],
    ["cut", chaos.cuts, "a server's connections are ended"],
    ["disk failure", chaos.diskFailures, "a full disk, or an fsync that fails"],
  ] as const;
  return table(
    rows.map(([name, count, text]) => [`  ${name}`, count === null ? "" : String(count), text]),
    [1],
  );
}

function clientLines({ clientFailures }: ClusterResult): readonly string[] {
  const failures = Object.entries(clientFailures).slice(0, 5);
  if (failures.length === 0) return [];
  return [
    "Clients that gave up on an operation, by why:",
    ...failures.map(([reason, count]) => `  ${count}  ${reason}`),
    "",
  ];
}

/** The run as the one document of `--json`. */
export function documentOf(run: JudgedRun): string {
  const { options, result, check, seconds } = run;
  const { servers, clients, seed, chaos, folder } = options;
  const document = {
    holds: verdictOf(run) === "holds",
    verdict: verdictOf(run),
    servers,
    clients,
    seed,
    folder,
    seconds,
    interruptedAfter: result.interruptedAfter,
    again: againCommand(options),
    chaos: chaos ? result.chaos : null,
    history: result.history,
    acknowledged: result.acknowledged,
    lost: result.lost,
    failures: result.failures,
    clientFailures: result.clientFailures,
    check: {
      engine: check.engine,
      events: check.events,
      valid: check.valid,
      invalid: check.invalid,
      coverage: check.coverage,
      eventsPerSecond: check.eventsPerSecond,
      divergences: check.divergences,
      malformed: check.malformed,
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** `lockstep replay`: behaviours of TLC, or traces, taken through the core action by action. */

import { parseArgs } from "node:util";
import { isOfExecution, merge } from "../../trace-check/merge.ts";
import { type Rules, raftRules } from "../core/index.ts";
import { BehaviourReader } from "../replay/behaviours.ts";
import { ReplayInputError } from "../replay/input-error.ts";
import { listInputs, type ReplayInput } from "../replay/inputs.ts";
import { replayBehaviours } from "../replay/replay-behaviours.ts";
import { TraceReplay } from "../replay/replay-trace.ts";
import {
  divergenceText,
  type MalformedInput,
  type ReplayResult,
  ReplayTally,
} from "../replay/report.ts";
import { forgetRule, RULE_NAMES } from "../sim/forgotten-rules.ts";
import { TraceFormatError } from "../trace/error.ts";
import { openTrace, readTrace, type Trace } from "../trace/reader.ts";
import { closestName } from "../trace/suggest.ts";
import { type Command, CommandError, type CommandIo, EXIT } from "./command.ts";
import { styled } from "./io.ts";
import { refuseEmptyPaths } from "./out-folder.ts";
import { counted, progressTeller, table, withCommas } from "./progress.ts";

const HELP = `Takes behaviours through the implementation, src/core, action by action, and compares every
state: what TLC finds in the spec, or what a trace has recorded, the core must do as well.

Usage: lockstep replay PATH... [OPTIONS]

PATH is one of these, or a folder of them:
  a file that TLC wrote with -simulate file=...
  what TLC printed, with -tool or without: the counterexample in it
  a trace (*.ndjson) in the format of spec/TRACE.md; files of one execution are merged
A behaviour must name its steps, in the variables step and sent: those of
spec/models/MCBehaviours.tla and of every model that extends MCRestricted.tla do.

Options:
  --forget RULE   the core forgets this rule (lockstep fuzz --list-rules)
  --json          one JSON document: behaviours, traces, steps, valid, invalid, forgotten, coverage,
                  stepsPerSecond, divergences[], malformed[]

Examples:
  mkdir /tmp/behaviours && cd spec/models && java -DTLA-Library=.. -cp tla2tools.jar tlc2.TLC \\
    -simulate file=/tmp/behaviours/b,num=1000 -depth 50 -config MCBehaviours.cfg MCBehaviours.tla
  lockstep replay /tmp/behaviours
  lockstep replay spec/examples spec/counterexamples/Figure8.ndjson
  lockstep replay --forget VoteIsFree spec/counterexamples/ForgetVoteIsFree.ndjson
  lockstep replay --json traces/ > result.json

Exit codes: 0 the core goes all the way with every one; 1 it leaves one; 2 a file is malformed, a
path is missing or a folder holds nothing to replay; 3 the machine lacks something.
`;

/** The most divergences that are told as text. */
const MOST_TOLD = 10;

export const replayCommand: Command = {
  name: "replay",
  summary: "Take behaviours of TLC, or traces, through the implementation.",
  help: HELP,
  run: async (args, io) => {
    const options = parse(args);
    const began = performance.now();
    const tally = await replayAll(options, io);
    const result = tally.result(options.forgotten, (performance.now() - began) / 1000);
    io.stdout(options.json ? `${JSON.stringify(result, null, 2)}\n` : textOf(result, io));
    if (result.invalid > 0) return EXIT.violated;
    return result.malformed.length > 0 ? EXIT.badInput : EXIT.holds;
  },
};

interface ReplayArguments {
  readonly paths: readonly string[];
  readonly rules: Rules;
  readonly forgotten: string | null;
  readonly json: boolean;
}

function parse(args: readonly string[]): ReplayArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { forget: { type: "string" }, json: { type: "boolean", default: false } },
  });
  refuseEmptyPaths(positionals);
  if (positionals.length === 0) {
    throw new CommandError(
      EXIT.badInput,
      "name a behaviour, a trace, or a folder of them: lockstep replay PATH... (see --help).",
    );
  }
  const { forget, json } = values;
  return { paths: positionals, rules: rulesWithout(forget), forgotten: forget ?? null, json };
}

function rulesWithout(name: string | undefined): Rules {
  if (name === undefined) return raftRules;
  const rules = forgetRule(name);
  if (rules !== null) return rules;
  const closest = closestName(name, RULE_NAMES);
  const hint = closest === null ? "" : ` Did you mean ${closest}?`;
  throw new CommandError(
    EXIT.badInput,
    `there is no rule ${name}.${hint} lockstep fuzz --list-rules lists them.`,
  );
}

async function replayAll(options: ReplayArguments, io: CommandIo): Promise<ReplayTally> {
  const tally = new ReplayTally();
  const reader = new BehaviourReader();
  const executions = new Map<string, Trace[]>();
  const tell = progressTeller(io, 2);
  for await (const input of listInputs(options.paths)) {
    await orMalformed(tally, async () => {
      if (input instanceof ReplayInputError) throw input;
      await replayInput(input, { tally, reader, executions, rules: options.rules });
    });
    tell(() => `replayed ${withCommas(tally.executions)}, ${counted(tally.steps, "step")}`);
  }
  for (const [execution, files] of executions) {
    replayExecution(execution, files, tally, options.rules);
  }
  return tally;
}

/** A file that is no behaviour is told, and the others go on. */
async function orMalformed(tally: ReplayTally, replay: () => Promise<void>): Promise<void> {
  try {
    await replay();
  } catch (error) {
    if (!(error instanceof ReplayInputError || error instanceof TraceFormatError)) throw error;
    const { file, line, message } = error;
    tally.addMalformed({ file, line, message });
  }
}

interface Replaying {
  readonly tally: ReplayTally;
  readonly reader: BehaviourReader;
  /** The files of executions that several servers wrote, to be merged at the end. */
  readonly executions: Map<string, Trace[]>;
  readonly rules: Rules;
}

async function replayInput(input: ReplayInput, replaying: Replaying): Promise<void> {
  const { tally, reader, executions, rules } = replaying;
  const { file } = input;
  if (input.kind === "behaviours") {
    for await (const replayed of replayBehaviours(file, reader, rules)) tally.add(replayed);
    return;
  }
  const { header, batches } = await openTrace(file);
  if (isOfExecution(header)) {
    const execution = header.execution ?? "";
    executions.set(execution, [...(executions.get(execution) ?? []), await readTrace(file)]);
    return;
  }
  const replay = new TraceReplay(header, { rules });
  for await (const { firstLine, events } of batches) {
    for (const [place, event] of events.entries()) {
      replay.take(event, { file, line: firstLine + place });
    }
  }
  tally.add(replay.result());
}

function replayExecution(
  execution: string,
  files: readonly Trace[],
  tally: ReplayTally,
  rules: Rules,
): void {
  const merged = merge(execution, files);
  if (merged.kind === "malformed") {
    tally.addMalformed(merged.malformed);
    return;
  }
  const { trace, placeOf } = merged.loaded;
  const { loggedBy } = trace;
  const replay = new TraceReplay(trace.header, {
    rules,
    ...(loggedBy === undefined ? {} : { loggedBy }),
  });
  for (const [place, event] of trace.events.entries()) replay.take(event, placeOf(place));
  tally.add(replay.result());
}

function textOf(result: ReplayResult, io: CommandIo): string {
  const told = result.divergences.slice(0, MOST_TOLD);
  const untold = result.divergences.length - told.length;
  return [
    ...result.malformed.map((fault) => malformedText(fault, io)),
    ...told.map((divergence) =>
      divergenceText(divergence).replace("diverges", styled(io, "red", "diverges")),
    ),
    ...(untold === 0
      ? []
      : [`and ${counted(untold, "more diverges", "more diverge")} (--json tells all)\n`]),
    ...(result.steps === 0 ? [] : [`${coverageText(result)}\n`]),
    `${summaryText(result, io)}\n`,
  ].join("\n");
}

function malformedText({ message }: MalformedInput, io: CommandIo): string {
  return `${styled(io, "red", "malformed")}  ${message}\n`;
}

function coverageText({ coverage }: ReplayResult): string {
  const rows = Object.entries(coverage).map(([name, taken]) => [`  ${name}`, withCommas(taken)]);
  return table([["steps", ""], ...rows], [1]);
}

function summaryText(result: ReplayResult, io: CommandIo): string {
  const isGood = result.invalid === 0 && result.malformed.length === 0;
  const verdict = isGood
    ? styled(io, "green", "the core does the same")
    : styled(io, "red", "not all is the same");
  const without = result.forgotten === null ? "" : `, the core without ${result.forgotten}`;
  const counts = [
    counted(result.behaviours, "behaviour"),
    counted(result.traces, "trace"),
    counted(result.steps, "step"),
    counted(result.invalid, "diverges", "diverge"),
    `${result.malformed.length} malformed`,
  ];
  const speed = result.steps === 0 ? "" : `; ${counted(result.stepsPerSecond, "step")} a second`;
  return `${verdict}${without}: ${counts.join(", ")}${speed}`;
}

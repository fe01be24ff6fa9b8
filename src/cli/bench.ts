/** `lockstep bench`: how fast things are, each beside what it is compared with. */
import { parseArgs } from "node:util";
import { type Benchmark, type Extent, type Figure, isReached } from "../bench/benchmark.ts";
import { checkBenchmark } from "../bench/check-benchmark.ts";
import { clusterBenchmark } from "../bench/cluster-benchmark.ts";
import { coreBenchmark } from "../bench/core-benchmark.ts";
import { exploreBenchmark } from "../bench/explore.ts";
import { hourBenchmark } from "../bench/hour.ts";
import { restartBenchmark } from "../bench/restart.ts";
import { simBenchmark } from "../bench/sim.ts";
import { tracingBenchmark } from "../bench/tracing-benchmark.ts";
import { validationBenchmark } from "../bench/validation-benchmark.ts";
import { suggestion } from "../trace/suggest.ts";
import { type Command, CommandError, type CommandIo, EXIT } from "./command.ts";
import { styled } from "./io.ts";
import { table } from "./progress.ts";

const BENCHMARKS: readonly Benchmark[] = [
  coreBenchmark,
  simBenchmark,
  checkBenchmark,
  exploreBenchmark,
  restartBenchmark,
  clusterBenchmark,
  tracingBenchmark,
  validationBenchmark,
  hourBenchmark,
];

const DEFAULT_RUNS = 5;

/** Those that are measured by default, or only on request. */
function listOf(isOnRequest: boolean): string {
  return BENCHMARKS.filter((benchmark) => (benchmark.isOnRequest === true) === isOnRequest)
    .map(({ name, summary }) => `  ${name.padEnd(10)}  ${summary}`)
    .join("\n");
}

const HELP = `Measures how fast things are. What is compared is run in turns, several times, and the median
is told: a ratio of the same minute holds on a busy machine where a time does not.

Usage: lockstep bench [NAME...] [OPTIONS]

${listOf(false)}

Only where they are named:
${listOf(true)}

Options:
  --runs N        how often each is run (${DEFAULT_RUNS})
  --commands N    how many commands restart (1000000) and hour (10000000) execute
  --seconds T     over how long hour spreads them (3600), and how long the traces of validation are
                  (60)
  --samples FILE  what hour samples every ten seconds, as CSV
  --list          list the benchmarks, and run none
  --json          one JSON document on standard output

Examples:
  lockstep bench
  lockstep bench core --runs 3 --json
  lockstep bench hour --samples hour.csv

Exit codes: 0 everything was measured, whatever the figures; 2 bad usage; 3 something that a
benchmark needs is missing.
`;

export const benchCommand: Command = {
  name: "bench",
  summary: "Measure how fast things are.",
  help: HELP,
  run: async (args, io) => {
    const options = parse(args);
    const benchmarks = select(options.names);
    if (options.list) {
      const list = benchmarks.map(({ name, summary }) => ({ name, summary }));
      io.stdout(
        options.json
          ? `${JSON.stringify({ benchmarks: list }, null, 2)}\n`
          : `${table(list.map(({ name, summary }) => [name, summary]))}\n`,
      );
      return EXIT.holds;
    }
    const results: { readonly name: string; readonly figures: readonly Figure[] }[] = [];
    for (const { name, measure } of benchmarks) {
      const say = (line: string): void => io.stderr(`${line}\n`);
      const figures = await measure(options.runs, say, options.extent);
      results.push({ name, figures });
      if (!options.json) io.stdout(`${name}\n${figuresText(figures, io)}\n`);
    }
    if (options.json) io.stdout(documentOf(results, options.runs));
    return EXIT.holds;
  },
};

interface BenchArguments {
  readonly names: readonly string[];
  readonly runs: number;
  readonly extent: Extent;
  readonly list: boolean;
  readonly json: boolean;
}

function parse(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: "string", default: String(DEFAULT_RUNS) },
      commands: { type: "string" },
      seconds: { type: "string" },
      samples: { type: "string" },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { commands, seconds, samples, list, json } = values;
  return {
    names: positionals,
    runs: integer("runs", values.runs, 999),
    extent: {
      ...(commands === undefined ? {} : { commands: integer("commands", commands, 1e9) }),
      ...(seconds === undefined ? {} : { seconds: integer("seconds", seconds, 1e6) }),
      ...(samples === undefined ? {} : { samplesFile: samples }),
    },
    list,
    json,
  };
}

function integer(option: string, text: string, most: number): number {
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new CommandError(EXIT.badInput, `--${option} ${text} is not a number from 1 to ${most}.`);
}

function select(names: readonly string[]): readonly Benchmark[] {
  const known = BENCHMARKS.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new CommandError(
      EXIT.badInput,
      `there is no benchmark ${name}${suggestion(name, known)}; there are: ${known.join(", ")}.`,
    );
  }
  return BENCHMARKS.filter(({ name, isOnRequest }) =>
    names.length === 0 ? isOnRequest !== true : names.includes(name),
  );
}

function figuresText(figures: readonly Figure[], io: CommandIo): string {
  const rows = figures.map((figure) => [
    `  ${figure.what}`,
    numberText(figure.value),
    figure.unit,
    askedText(figure),
  ]);
  const lines = table(rows, [1]).split("\n");
  return figures.map((figure, index) => `${markOf(figure, io)}${lines[index]}`).join("\n");
}

function markOf(figure: Figure, io: CommandIo): string {
  switch (isReached(figure)) {
    case null:
      return " ";
    case true:
      return styled(io, "green", "✓");
    case false:
      return styled(io, "red", "✗");
  }
}

function numberText(value: number): string {
  if (value >= 1000) return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return value.toPrecision(3);
}

function askedText({ asked }: Figure): string {
  if (asked === null) return "";
  const parts = [
    ...(asked.least === undefined ? [] : [`at least ${numberText(asked.least)}`]),
    ...(asked.most === undefined ? [] : [`at most ${numberText(asked.most)}`]),
  ];
  return `(asked: ${parts.join(", ")})`;
}

function documentOf(
  results: readonly { readonly name: string; readonly figures: readonly Figure[] }[],
  runs: number,
): string {
  const benchmarks = results.map(({ name, figures }) => ({
    name,
    figures: figures.map((figure) => ({ ...figure, reached: isReached(figure) })),
  }));
  return `${JSON.stringify({ runs, benchmarks }, null, 2)}\n`;
}

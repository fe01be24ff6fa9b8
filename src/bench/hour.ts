import { join } from "node:path";
import { makeScratchFolder } from "../setup/scratch.ts";
import type { Benchmark, Figure } from "./benchmark.ts";
import { serverPorts } from "./cluster/drive.ts";
import { HOST, lockstepServers, nameOf } from "./cluster/peers.ts";
import { Processes } from "./cluster/processes.ts";
import { requireDisk } from "./cluster/require-disk.ts";
import { growthAnHour, type Sample, Samples, takeSample } from "./hour/samples.ts";
import { SteadyLoad } from "./hour/steady-load.ts";
import { medianOf } from "./median.ts";

const COMMANDS = 10_000_000;
const SECONDS = 3600;

/** How often is looked, in a run of some length; in a short one oftener. */
const SAMPLE_SECONDS = 10;
const LEAST_SAMPLES = 60;

const MIB = 1024 * 1024;

/** The bound of a log is 32 MiB of commands; a segment is 16 MiB, and a spare one is kept ready. */
const MOST_DISK_BYTES = 128 * MIB;

/**
 * Three servers, each a process with fsync, under a steady load of ten million commands in an hour:
 * whether memory, disk and log stay flat, and what a restart takes after it, all three killed
 * (SIGKILL) and started again, until a read is answered.
 */
export const hourBenchmark: Benchmark = {
  name: "hour",
  summary: "ten million commands in an hour: memory, disk and log, and the restart after them",
  isOnRequest: true,
  measure: async (runs, progress, extent) => {
    const { commands = COMMANDS, seconds = SECONDS, samplesFile = null } = extent;
    const scratch = makeScratchFolder("lockstep-hour-");
    const { folder } = scratch;
    requireDisk(folder);
    const processes = new Processes();
    const ports = await serverPorts(2);
    const servers = Object.fromEntries(
      ports.map(([port], place) => [nameOf(place), `${HOST}:${port}`]),
    );
    const load = new SteadyLoad({ servers, commands, seconds });
    try {
      progress(`hour: ${commands} commands in ${seconds} s, three servers in ${folder}`);
      processes.start(lockstepServers(folder, ports, false));
      await load.read();
      const samples = new Samples(samplesFile);
      const looking = look({ samples, load, folder, ports, seconds, progress });
      const took = await load.run();
      await looking.stop();
      if (processes.ended > 0) throw new Error("a server ended by itself");
      const restarts: number[] = [];
      for (let run = 1; run <= runs; run++) {
        await processes.stop("SIGKILL");
        const begin = performance.now();
        processes.start(lockstepServers(folder, ports, false));
        await load.read();
        restarts.push((performance.now() - begin) / 1000);
        progress(`hour: restart ${run} of ${runs}`);
      }
      return figures(load, took, samples.all, restarts);
    } finally {
      load.close();
      await processes.close();
      await scratch.remove();
    }
  },
};

interface LookOptions {
  readonly samples: Samples;
  readonly load: SteadyLoad;
  readonly folder: string;
  readonly ports: readonly (readonly number[])[];
  readonly seconds: number;
  readonly progress: (line: string) => void;
}

/** Looks at all servers again and again, until it is stopped. */
function look(options: LookOptions): { stop(): Promise<void> } {
  const { samples, load, folder, ports, seconds, progress } = options;
  const begin = performance.now();
  const takeAll = async (): Promise<void> => {
    const at = { seconds: Math.round((performance.now() - begin) / 100) / 10 };
    for (const [place, [, http]] of ports.entries()) {
      const { executed } = load;
      const server = nameOf(place);
      samples.add(
        await takeSample({ ...at, server, executed }, `${HOST}:${http}`, join(folder, server)),
      );
    }
    const last = samples.all.slice(-ports.length);
    const most = (value: (sample: Sample) => number): number => Math.max(...last.map(value));
    progress(
      `hour: ${Math.round(at.seconds)} s of ${seconds}, ${load.executed} commands, ` +
        `memory ${mebibytes(most((sample) => sample.rssBytes))}, ` +
        `disk ${mebibytes(most((sample) => sample.diskBytes))} MiB`,
    );
  };
  let taking = Promise.resolve();
  const takeNext = (): void => {
    taking = taking.then(takeAll).catch((error: unknown) => progress(`hour: no sample: ${error}`));
  };
  const timer = setInterval(takeNext, 1000 * Math.min(SAMPLE_SECONDS, seconds / LEAST_SAMPLES));
  return {
    async stop() {
      clearInterval(timer);
      await taking;
    },
  };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / MIB);
}

/**
 * What the servers took in parts of the run. The most of memory is that of a moment before it is
 * collected; whether it grows, the medians say.
 */
function figures(
  load: SteadyLoad,
  took: number,
  samples: readonly Sample[],
  restarts: readonly number[],
): readonly Figure[] {
  const { executed, failed } = load;
  const end = Math.max(...samples.map(({ seconds }) => seconds));
  const between = (from: number, to: number): readonly Sample[] =>
    samples.filter(({ seconds }) => seconds >= from * end && seconds <= to * end);
  const most = (part: readonly Sample[], value: (sample: Sample) => number): number =>
    Math.max(...part.map(value));
  const rss = ({ rssBytes }: Sample): number => rssBytes / MIB;
  const memory = (what: string, from: number, to: number): Figure => ({
    what: `memory of a server, the most ${what}`,
    value: most(between(from, to), rss),
    unit: "MiB",
    asked: null,
  });
  return [
    { what: "commands executed", value: executed, unit: "", asked: null },
    { what: "commands that failed", value: failed, unit: "", asked: { most: 0 } },
    { what: "executed", value: executed / took, unit: "commands a second", asked: null },
    memory("in the first tenth", 0, 0.1),
    memory("in the middle tenth", 0.45, 0.55),
    memory("in the last tenth", 0.9, 1),
    memory("at all", 0, 1),
    {
      what: "memory, the median of the second half by that of the first",
      value: medianOf(between(0.5, 1).map(rss)) / medianOf(between(0, 0.5).map(rss)),
      unit: "times",
      asked: { most: 1.1 },
    },
    ...Array.from(new Set(samples.map(({ server }) => server)), (server) => ({
      what: `memory of ${server}, by how much it grew in the second half`,
      value: growthAnHour(
        between(0.5, 1).filter((sample) => sample.server === server),
        rss,
      ),
      unit: "MiB an hour",
      asked: null,
    })),
    {
      what: "disk of a server, the most",
      value: most(samples, ({ diskBytes }) => diskBytes) / MIB,
      unit: "MiB",
      asked: { most: MOST_DISK_BYTES / MIB },
    },
    {
      what: "entries in a log, the most",
      value: most(samples, ({ logEntries }) => logEntries),
      unit: "",
      asked: null,
    },
    {
      what: "restart of all until a read is answered, the longest",
      value: Math.max(...restarts),
      unit: "s",
      asked: { most: 5 },
    },
  ];
}

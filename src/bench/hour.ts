import { join } from "node:path";
import { makeScratchFolder } from "../setup/scratch.ts";
import type { Benchmark } from "./benchmark.ts";
import { serverPorts } from "./cluster/drive.ts";
import { HOST, lockstepServers, nameOf } from "./cluster/peers.ts";
import { Processes } from "./cluster/processes.ts";
import { requireDisk } from "./cluster/require-disk.ts";
import { hourFigures, mebibytes } from "./hour/figures.ts";
import { type Sample, Samples, takeSample } from "./hour/samples.ts";
import { SteadyLoad } from "./hour/steady-load.ts";

const COMMANDS = 10_000_000;
const SECONDS = 3600;

/** How often is looked, in a run of some length; in a short one oftener. */
const SAMPLE_SECONDS = 10;
const LEAST_SAMPLES = 60;

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
      return hourFigures({ load, took, samples: samples.all, restarts });
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
        `memory ${mebibytes(most((sample) => sample.rssBytes))} MiB, ` +
        `alive ${mebibytes(most((sample) => sample.aliveBytes))} MiB, ` +
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

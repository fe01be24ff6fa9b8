import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** What one run of either program prints. */
interface CoreRun {
  readonly entries: number;
  readonly cpuMicrosPerEntry: number;
  readonly wallMicrosPerEntry: number;
}

/** The core beside go.etcd.io/raft, at one size of proposal; figures are CPU microseconds an entry. */
export interface CoreMeasurement {
  readonly entriesPerProposal: number;
  readonly entries: number;
  /** Median over the runs. */
  readonly core: number;
  /** Median over the runs; null where Go is not there to build the peer. */
  readonly etcdRaft: number | null;
  /** Median of core/etcdRaft run by run: below 1 the core is the cheaper. */
  readonly ratio: number | null;
  /** What was set out to reach. */
  readonly asked: number;
}

const SIZES = [
  { entriesPerProposal: 1, entries: 200_000, asked: 1 },
  { entriesPerProposal: 64, entries: 640_000, asked: 2 },
] as const;

/**
 * Measures the CPU time an entry takes in the core, in process and without disk, 3 servers,
 * 100-byte entries, and in go.etcd.io/raft v3.6.0 by RawNode in alternating runs. A ratio
 * taken in the same minute holds on a noisy machine where a time does not.
 *
 * @param runs how many times each program is run, one after the other
 * @param progress is told what is being done
 */
export async function measureCore(
  runs: number,
  progress: (text: string) => void,
): Promise<CoreMeasurement[]> {
  const folder = await mkdtemp(join(tmpdir(), "lockstep-bench-"));
  try {
    const peer = await buildPeer(join(folder, "etcd-raft"), progress);
    const measurements: CoreMeasurement[] = [];
    for (const size of SIZES) measurements.push(await measureSize(size, runs, peer, progress));
    return measurements;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureSize(
  size: (typeof SIZES)[number],
  runs: number,
  peer: string | null,
  progress: (text: string) => void,
): Promise<CoreMeasurement> {
  const core: number[] = [];
  const etcdRaft: number[] = [];
  for (let run = 1; run <= runs; run++) {
    progress(`core: ${size.entriesPerProposal} in one proposal, run ${run} of ${runs}`);
    core.push((await runCore(size.entries, size.entriesPerProposal)).cpuMicrosPerEntry);
    if (peer === null) continue;
    etcdRaft.push((await runPeer(peer, size.entries, size.entriesPerProposal)).cpuMicrosPerEntry);
  }
  const ratios = etcdRaft.map((peerTime, run) => (core[run] ?? Number.NaN) / peerTime);
  return {
    entriesPerProposal: size.entriesPerProposal,
    entries: size.entries,
    core: median(core),
    etcdRaft: peer === null ? null : median(etcdRaft),
    ratio: peer === null ? null : median(ratios),
    asked: size.asked,
  };
}

async function runCore(entries: number, batch: number): Promise<CoreRun> {
  const program = fileURLToPath(new URL("core-run.js", import.meta.url));
  const { stdout } = await execute(process.execPath, [program, String(entries), String(batch)]);
  return JSON.parse(stdout) as CoreRun;
}

async function runPeer(peer: string, entries: number, batch: number): Promise<CoreRun> {
  const { stdout } = await execute(peer, [`-entries=${entries}`, `-batch=${batch}`]);
  return JSON.parse(stdout) as CoreRun;
}

/** Builds the Go peer; null where its source (it is not in the package) or Go is lacking. */
async function buildPeer(
  program: string,
  progress: (text: string) => void,
): Promise<string | null> {
  const source = findPeerSource();
  if (source === null) {
    progress("core: the Go peer is only in a clone of the repository; measuring without it");
    return null;
  }
  try {
    progress("core: building go.etcd.io/raft v3.6.0");
    await execute("go", ["build", "-o", program, "."], { cwd: source });
    return program;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    progress(`core: the Go peer could not be built (${reason}); measuring without it`);
    return null;
  }
}

/** From dist/src/bench or src/bench, the repository is three or two folders up. */
function findPeerSource(): string | null {
  for (const up of ["../../..", "../.."]) {
    const folder = fileURLToPath(new URL(`${up}/test/bench/etcd-raft`, import.meta.url));
    if (existsSync(join(folder, "go.mod"))) return folder;
  }
  return null;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { checkCommand } from "../../../src/cli/check.ts";
import { raftRules } from "../../../src/core/index.ts";
import type { TraceHeader } from "../../../src/trace/format.ts";
import { traceText } from "../../../src/trace/writer.ts";
import { createCompiledEngine } from "../../../trace-check/compiled/engine.ts";
import type { TraceToCheck } from "../../../trace-check/engine.ts";
import { record } from "../record.ts";

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lockstep check --engine compiled` with arguments. */
export async function check(...args: readonly string[]): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const exitCode = await checkCommand.run(["--engine", "compiled", ...args], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env: { ...process.env, BROWSER: "" },
    color: false,
  });
  return { exitCode, stdout, stderr };
}

export const valid = record({ seed: 11, events: 200 });

/** An execution of servers that grant their votes without a look at the candidate's log. */
export async function divergingTrace(): Promise<TraceToCheck> {
  const rules = { ...raftRules, logIsUpToDate: () => true };
  const engine = createCompiledEngine();
  for (let seed = 1; seed < 100; seed++) {
    const trace = record({ seed, events: 300, rules, timeouts: 60 });
    const [verdict] = await engine.check([trace]);
    if (verdict?.divergence?.kind === "mismatch") return trace;
  }
  throw new Error("no execution shows what is forgotten");
}

export async function write(
  file: string,
  trace: TraceToCheck,
  fields: Partial<TraceHeader> = {},
): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, traceText({ ...trace.header, ...fields }, trace.events));
  return file;
}

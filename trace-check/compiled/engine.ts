/** The engine without Java: `spec/TraceRaft.tla`, compiled, takes the named action of each event. */
import { stat } from "node:fs/promises";
import { EvaluationError, RefusedError } from "../../src/engine/errors.ts";
import type { TraceEvent } from "../../src/trace/format.ts";
import { type Engine, EngineError, type TraceToCheck, type Verdict } from "../engine.ts";
import { Names } from "../prepare.ts";
import type { PrintedVerdict } from "../tlc/output.ts";
import { verdictOf } from "../tlc/verdict.ts";
import { checkExecution } from "./check-execution.ts";
import { checkFile } from "./check-file.ts";
import { EventStream, receiptsIn } from "./event-stream.ts";
import { openPool, type Pool } from "./pool.ts";
import type { SpecOptions } from "./trace-spec.ts";
import { printed, TraceWalk } from "./walk.ts";

/** The engine that has the compiled spec judge traces. It needs no Java. */
export function createCompiledEngine(options: SpecOptions = {}): Engine {
  return {
    name: "compiled",
    async check(traces) {
      return traces.map((trace) => judge(trace, options));
    },
  };
}

/** Less is checked as fast by one thread: the others take a while to start. */
const WORTH_A_POOL_BYTES = 16 * 1024 * 1024;

/** The same engine for files: it checks them as it reads them, in so many threads. */
export function createFileEngine(workers: number): Engine {
  let pool: Pool | null = null;
  return {
    ...createCompiledEngine(),
    async expect(files) {
      if (workers < 2 || files.length < 2) return;
      if ((await bytesOf(files)) >= WORTH_A_POOL_BYTES) {
        pool = openPool(Math.min(workers, files.length));
      }
    },
    async checkFile(file, rules) {
      if (pool === null) return await checkFile(file, rules);
      return await pool.check({ files: [file], isExecution: false, rules });
    },
    async checkExecution(files, rules) {
      if (pool === null) return await checkExecution(files, rules);
      return await pool.check({ files, isExecution: true, rules });
    },
    async close() {
      await pool?.close();
      pool = null;
    },
  };
}

async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The verdict on one trace. @throws EngineError where there is none */
export function judge(trace: TraceToCheck, options: SpecOptions = {}): Verdict {
  if (trace.events.length === 0) {
    throw new EngineError(`${trace.name} has no events, so that there is nothing to check`);
  }
  const names = new Names(trace.header.servers);
  try {
    return verdictOf(walkThrough(trace, names, options), trace, { names });
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof RefusedError) {
      throw new EngineError(
        `the compiled spec has no value on ${trace.name}, saying:\n${error.message}`,
      );
    }
    throw error;
  }
}

function walkThrough(trace: TraceToCheck, names: Names, options: SpecOptions): PrintedVerdict {
  const { events } = trace;
  const stream = new EventStream(names, receiptsIn(events));
  const walk = new TraceWalk(trace, names, stream, options);
  let now = walk.initial();
  for (let place = 0; place < events.length; place++) {
    stream.take(events[place] as TraceEvent);
    const step = walk.step(now, place);
    if ("kind" in step) return step;
    now = step.after;
  }
  return printed(events.length, "DONE", null, null);
}

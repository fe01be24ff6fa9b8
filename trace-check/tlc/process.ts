import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { EngineError } from "../engine.ts";

/** A program to run to its end, without a shell. */
export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMilliseconds: number;
  /** Gets every line of standard output and standard error. */
  line(line: string): void;
}

/** Runs a program. @returns its exit code @throws EngineError where it cannot start, is killed or takes too long */
export function runProgram(invocation: Invocation): Promise<number> {
  const { program, args, cwd, timeoutMilliseconds } = invocation;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let failure: unknown;
    const stop = () => child.kill("SIGKILL");
    const timer = setTimeout(() => {
      failure = new EngineError(
        `${program} took more than ${Math.round(timeoutMilliseconds / 1000)} s and was stopped`,
      );
      stop();
    }, timeoutMilliseconds);
    process.prependOnceListener("exit", stop);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        try {
          invocation.line(line);
        } catch (error) {
          failure ??= error;
          stop();
        }
      });
    }
    child.on("error", (error) => {
      failure ??= new EngineError(`${program} cannot be started: ${error.message}`);
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      process.removeListener("exit", stop);
      if (failure !== undefined) reject(failure);
      else if (code === null) reject(new EngineError(`${program} was stopped by ${signal}`));
      else resolve(code);
    });
  });
}

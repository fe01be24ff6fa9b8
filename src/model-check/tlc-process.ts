/** One process of TLC, from its start to its report. */
import { spawn } from "node:child_process";
import { type TlcMessage, TlcMessageReader } from "./tlc-messages.ts";
import { type TlcProgress, type TlcReport, TlcReportBuilder } from "./tlc-report.ts";

export interface TlcProcess {
  readonly java: string;
  /** Everything after `java`. */
  readonly arguments: readonly string[];
  /** Where it runs: the folder of the model's module. */
  readonly folder: string;
  readonly onProgress: ((progress: TlcProgress) => void) | undefined;
  /** Whether it takes random behaviours. */
  readonly simulates?: boolean;
  /** Is given each message of TLC, in order. */
  readonly onMessage?: (message: TlcMessage) => void;
}

/** How much of what TLC prints outside of messages is kept, to tell of a failure. */
const KEPT_LINES = 30;

/**
 * Runs the process to its end. It is killed when this process exits. What goes wrong inside of
 * TLC is in the report.
 */
export function runTlcProcess(tlc: TlcProcess): Promise<TlcReport> {
  const builder = new TlcReportBuilder(tlc.onProgress ?? (() => undefined), tlc.simulates);
  const other: string[] = [];
  const keep = (line: string): void => {
    if (/^(Parsing file|Semantic processing)/.test(line) || line.trim() === "") return;
    other.push(line);
    if (other.length > KEPT_LINES) other.shift();
  };
  const reader = new TlcMessageReader((message) => {
    builder.add(message);
    tlc.onMessage?.(message);
  }, keep);
  return new Promise((resolve, reject) => {
    const child = spawn(tlc.java, tlc.arguments, {
      cwd: tlc.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stop = (): void => void child.kill("SIGKILL");
    process.prependOnceListener("exit", stop);
    child.stdout.setEncoding("utf8").on("data", (text: string) => reader.write(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => text.split("\n").forEach(keep));
    child.on("error", reject);
    child.on("close", (exitCode) => {
      process.removeListener("exit", stop);
      reader.end();
      resolve(builder.report(exitCode, other.join("\n")));
    });
  });
}

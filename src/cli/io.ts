/** What a command sees of the process that it runs in. */
import { styleText } from "node:util";
import { type CommandIo, EXIT } from "./command.ts";

/**
 * The process's own streams. A reader that goes away (`lockstep … | head`) is no error: the command
 * goes on to its end, since its exit code tells the verdict, and a server serves without a reader
 * of its log. A full disk ends the command, since its result cannot be told.
 */
export function processIo(): CommandIo {
  return {
    stdout: writerTo(process.stdout),
    stderr: writerTo(process.stderr),
    env: process.env,
    color: mayColor(process.env, process.stdout.isTTY === true),
  };
}

function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  let isRead = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") fail(error);
    isRead = false;
  });
  return (text) => {
    if (!isRead) return;
    try {
      stream.write(text);
    } catch (error) {
      // To a file or a device a write fails at once, and not by an event.
      fail(error);
    }
  };
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  try {
    process.stderr.write(`lockstep: the output cannot be written (${reason}): make room there\n`);
  } finally {
    process.exit(EXIT.environment);
  }
}

/** NO_COLOR (any value but the empty one) forbids, FORCE_COLOR asks for it; else a terminal gets it. */
export function mayColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0") return true;
  return isTerminal && env.TERM !== "dumb";
}

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/** The text in a style, where the command may colour. */
export function styled(io: CommandIo, style: Style, text: string): string {
  return io.color ? styleText(style, text, { validateStream: false }) : text;
}

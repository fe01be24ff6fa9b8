/** What a command sees of the process that it runs in. */
import { styleText } from "node:util";
import { type CommandIo, EXIT } from "./command.ts";

/**
 * The process's own streams. A reader that goes away (`lockstep … | head`) is no error; a full
 * disk ends the command, since its result cannot be told.
 */
export function processIo(): CommandIo {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      fail(error);
    });
  }
  return {
    stdout: (text) => write(process.stdout, text),
    stderr: (text) => write(process.stderr, text),
    env: process.env,
    color: mayColor(process.env, process.stdout.isTTY === true),
  };
}

/** To a file or a device a write fails at once, and not by an event. */
function write(stream: NodeJS.WriteStream, text: string): void {
  try {
    stream.write(text);
  } catch (error) {
    fail(error);
  }
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

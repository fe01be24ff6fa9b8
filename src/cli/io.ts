/** What a command sees of the process that it runs in. */
import { styleText } from "node:util";
import type { CommandIo } from "./command.ts";

/** The process's own streams. A reader that goes away (`lockstep … | head`) is no error. */
export function processIo(): CommandIo {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    color: mayColor(process.env, process.stdout.isTTY === true),
  };
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

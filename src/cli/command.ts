/** The shape of one command of `lockstep`. */

/** Exit codes of every command. */
export const EXIT = {
  /** Everything checked holds. */
  holds: 0,
  /** A divergence or a violation was found. */
  violated: 1,
  /** A wrong flag, a malformed file. */
  badInput: 2,
  /** It could not be judged: the machine lacks Java, the network, a tool, or time and memory for it. */
  environment: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Where a command writes and what it may read of its surroundings. */
export interface CommandIo {
  /** Results: text, or the one document of `--json`. */
  stdout(text: string): void;
  /** Progress and errors. */
  stderr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether to colour: a terminal, and NO_COLOR not set. */
  readonly color: boolean;
}

export interface Command {
  readonly name: string;
  /** One line for `lockstep --help`. */
  readonly summary: string;
  /** The text of `--help`: usage, options, at least two examples, exit codes. */
  readonly help: string;
  /** Throws a CommandError for bad usage or input, or a lacking environment. */
  run(args: readonly string[], io: CommandIo): Promise<ExitCode>;
}

/** An error to be told to the user as it is: what is wrong, where, and what to do. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}

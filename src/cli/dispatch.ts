/** Finds the command that was asked for, runs it, and words what goes wrong. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../../trace-check/engine.ts";
import { packageFolder } from "../setup/environment.ts";
import { EnvironmentError } from "../setup/environment-error.ts";
import { remedyOf } from "../setup/system-error.ts";
import { closestName } from "../trace/suggest.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";

/**
 * Runs `lockstep ARGS`.
 * @returns the exit code; it never throws for what a user or a machine can do wrong.
 */
export async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): Promise<ExitCode> {
  const [first, ...rest] = args;
  if (first === undefined) {
    io.stderr(overview(commands));
    return EXIT.badInput;
  }
  if (first === "--version" || first === "-v") {
    io.stdout(`${version()}\n`);
    return EXIT.holds;
  }
  if (first === "--help" || first === "-h") {
    io.stdout(overview(commands));
    return EXIT.holds;
  }
  if (first === "help") return help(rest[0], commands, io);
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return unknownCommand(first, commands, io);
  if (asksForHelp(rest)) {
    io.stdout(ending(command.help));
    return EXIT.holds;
  }
  return await runCommand(command, rest, io);
}

/** The version of the package. */
export function version(): string {
  const text = readFileSync(join(packageFolder(), "package.json"), "utf8");
  const parsed: unknown = JSON.parse(text);
  const isOurs = typeof parsed === "object" && parsed !== null && "version" in parsed;
  return isOurs ? String(parsed.version) : "unknown";
}

function help(name: string | undefined, commands: readonly Command[], io: CommandIo): ExitCode {
  const command = commands.find((candidate) => candidate.name === name);
  if (name !== undefined && command === undefined) return unknownCommand(name, commands, io);
  io.stdout(command === undefined ? overview(commands) : ending(command.help));
  return EXIT.holds;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `lockstep: Raft that can be checked. A TLA+ spec, an implementation that traces every step,
and a checker that holds each step against the spec.

Usage: lockstep COMMAND [OPTIONS]

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n")}

  lockstep COMMAND --help   what a command does, its options, and examples
  lockstep --version

Every command takes --json (standard output is then one JSON document; progress goes to standard
error), and colours only a terminal without NO_COLOR. Where a command is to write a file or into a
folder, it makes the folders that are missing on the way there.
Exit codes: 0 all holds, 1 a divergence or violation, 2 bad usage or input, 3 the machine lacks
something.
`;
}

function ending(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

function unknownCommand(name: string, commands: readonly Command[], io: CommandIo): ExitCode {
  const known = commands.map((command) => command.name);
  const closest = closestName(name, known);
  const kind = name.startsWith("-") ? "option" : "command";
  const hint =
    closest === null
      ? `Commands are: ${known.join(", ")}.`
      : `Did you mean \`lockstep ${closest}\`?`;
  io.stderr(`lockstep: there is no ${kind} ${name}. ${hint} See lockstep --help.\n`);
  return EXIT.badInput;
}

async function runCommand(
  command: Command,
  args: readonly string[],
  io: CommandIo,
): Promise<ExitCode> {
  const joined = withNegativeNumbers(args);
  try {
    return await command.run(joined, io);
  } catch (error) {
    const told = toTell(command, joined, error);
    if (args.includes("--json")) {
      io.stdout(`${JSON.stringify({ error: told.message, exitCode: told.exitCode })}\n`);
    }
    io.stderr(`lockstep ${command.name}: ${told.message}\n`);
    return told.exitCode;
  }
}

/**
 * `--seed -1` as `--seed=-1`: no option is a number, so that a command can say what it expects in
 * the place of this one, where util.parseArgs would only find it ambiguous.
 */
function withNegativeNumbers(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let isOver = false;
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    isOver ||= arg === "--";
    const isItsValue = !isOver && /^-\d/.test(arg) && /^--[a-z][a-z-]*$/.test(before);
    if (isItsValue) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** What to tell a user of an error. An error that nobody foresaw is a fault of ours: say so. */
function toTell(
  command: Command,
  args: readonly string[],
  error: unknown,
): { readonly message: string; readonly exitCode: ExitCode } {
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof EnvironmentError || error instanceof EngineError) {
    return { message: error.message, exitCode: EXIT.environment };
  }
  if (!(error instanceof Error)) return { message: String(error), exitCode: EXIT.environment };
  if ("code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
    return { message: usageFault(command, args, error.message), exitCode: EXIT.badInput };
  }
  if ("syscall" in error && "code" in error) {
    const remedy = remedyOf(error);
    const message = remedy === "" ? `${error.message}.` : `${error.message}: ${remedy}.`;
    return { message, exitCode: EXIT.environment };
  }
  return {
    message: `${error.name}: ${error.message}\nThis is a fault of lockstep itself: please report it, with the command.`,
    exitCode: EXIT.environment,
  };
}

/** Where a value that begins with a dash was taken for an option, or for the value of one. */
function valueHint(
  command: Command,
  args: readonly string[],
  name: string,
  message: string,
): string {
  const found = args.find((arg) => arg.startsWith(name)) ?? "";
  const isJoined = message.includes("does not take an argument");
  const value = isJoined ? found.slice(name.length + 1) : found;
  const isValue = isJoined || message.includes("To specify a positional");
  // What looks like the name of an option is one that is not there, but where any text is a value.
  const isName = value.startsWith("--") && !command.help.includes("after --");
  if (!isValue || isName || !value.startsWith("-")) return "";
  return ` A value that begins with a dash goes to the end, after --, as in: -- ${value}.`;
}

/** util.parseArgs' own words in one line, with the option or the value that was probably meant. */
function usageFault(command: Command, args: readonly string[], message: string): string {
  const [, ambiguous] = /^Option '(?:-\w, )?(--[^' ]+).*argument is ambiguous/.exec(message) ?? [];
  if (ambiguous !== undefined) {
    return (
      `${ambiguous} is followed by an option and not by a value: name its value, as ` +
      `${ambiguous}=VALUE where that begins with a dash. See lockstep ${command.name} --help.`
    );
  }
  const name = /'(-[^' ]+)/.exec(message)?.[1] ?? "";
  const options = [...command.help.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option);
  const closest = options.includes(name) ? null : closestName(name, options);
  const hint =
    closest === null ? valueHint(command, args, name, message) : ` Did you mean ${closest}?`;
  const [sentence] = message.split(/\. To specify|\n/);
  return `${sentence?.replace(/\.$/, "")}.${hint} See lockstep ${command.name} --help.`;
}

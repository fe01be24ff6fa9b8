/** `lockstep compile`: the specs to the modules that the engine without Java runs. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ParseError } from "../compiler/sany.ts";
import { compileTarget, TARGETS } from "../compiler/targets.ts";
import { RefusedError } from "../engine/errors.ts";
import {
  currentTree,
  PARSED_FILE,
  type Parser,
  parsedText,
  parseModule,
  readParsed,
} from "../model-check/compiled/parsed-models.ts";
import { modelsFolder, readManifest } from "../model-check/manifest.ts";
import { packageFolder } from "../setup/environment.ts";
import { locateJava } from "../setup/java.ts";
import { locateTlc } from "../setup/tlc.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import { cannotWrite } from "./out-folder.ts";
import { counted } from "./progress.ts";

const HELP = `Compiles spec/TraceRaft.tla, with the modules that it extends, to the TypeScript module
that \`lockstep check --engine compiled\` runs, and writes what SANY, the parser of TLC, reads in
the models to spec/models/parsed.json, which \`lockstep model --engine compiled\` runs. It needs
Java for what has changed; what it writes does not.

Usage: lockstep compile [OPTIONS]

Options:
  --check   write nothing; exit 1 where a generated module is not what the specs give
  --json    what was compiled, as one JSON document

Examples:
  lockstep compile
  lockstep compile --check

Exit codes: 0 done, or all is as the specs give it; 1 with --check, a module is out of date;
2 a spec uses what the compiler does not cover, or is no TLA+; 3 there is no Java, or no TLC.
`;

interface Compiled {
  readonly module: string;
  readonly file: string;
  readonly bytes: number;
  readonly isCurrent: boolean;
}

/** The root modules of the models, each once. */
function modelModules(): readonly string[] {
  return [...new Set(readManifest().map(({ module }) => module))];
}

/** What SANY reads in the models; modules whose text is the one that was read are not read again. */
async function compileModels(parser: Parser, isCheck: boolean, io: CommandIo): Promise<Compiled> {
  const folder = modelsFolder();
  const parsed = await readParsed(folder);
  const text = await parsedText(modelModules(), folder, async (module) => {
    const current = await currentTree(parsed, module, folder);
    if (current !== null) return current;
    io.stderr(`SANY reads spec/models/${module}.tla\n`);
    return await parseModule(module, folder, parser).catch(told);
  });
  const file = join(folder, PARSED_FILE);
  const before = await readFile(file, "utf8").catch(() => "");
  if (!isCheck) await writeFile(file, text);
  return {
    module: "spec/models/*.tla",
    file: `spec/models/${PARSED_FILE}`,
    bytes: text.length,
    isCurrent: before === text,
  };
}

export const compileCommand: Command = {
  name: "compile",
  summary: "Compile the spec for the engine without Java.",
  help: HELP,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const compiled = await compileAll(values.check, io);
    io.stdout(
      values.json ? `${JSON.stringify({ compiled }, null, 2)}\n` : report(compiled, values.check),
    );
    return exitCodeOf(compiled, values.check);
  },
};

async function compileAll(isCheck: boolean, io: CommandIo): Promise<readonly Compiled[]> {
  const folder = packageFolder();
  const generated = join(folder, "src", "engine", "generated");
  if (!existsSync(generated)) {
    throw new CommandError(
      EXIT.badInput,
      `${folder} is no clone of lockstep, but a package whose engine is compiled already: run lockstep compile in a clone.`,
    );
  }
  const java = await locateJava(io.env);
  const jar = await locateTlc({ env: io.env });
  const compiled: Compiled[] = [];
  for (const target of TARGETS) {
    const options = { java: java.java, jar, specFolder: join(folder, "spec") };
    const text = await compileTarget(target, options).catch(told);
    const file = join(generated, `${target.name}.ts`);
    const before = await readFile(file, "utf8").catch(() => "");
    if (!isCheck) await writeFile(file, text).catch(unwritten(file));
    compiled.push({
      module: `spec/${target.module}`,
      file: `src/engine/generated/${target.name}.ts`,
      bytes: text.length,
      isCurrent: before === text,
    });
  }
  compiled.push(await compileModels({ java: java.java, jar }, isCheck, io));
  return compiled;
}

function unwritten(file: string): (error: unknown) => never {
  return (error) => {
    throw cannotWrite(file, error, "permit it, or use --check, which writes nothing");
  };
}

/** What a user can do something about, as an error for them. */
function told(error: unknown): never {
  if (error instanceof RefusedError || error instanceof ParseError) {
    throw new CommandError(EXIT.badInput, error.message);
  }
  throw error;
}

function report(compiled: readonly Compiled[], isCheck: boolean): string {
  return compiled
    .map(({ module, file, bytes, isCurrent }) => {
      if (!isCheck) return `${module} -> ${file} (${counted(bytes, "byte")})\n`;
      return isCurrent
        ? `${file} is as ${module} gives it\n`
        : `${file} is not as ${module} gives it: run lockstep compile\n`;
    })
    .join("");
}

function exitCodeOf(compiled: readonly Compiled[], isCheck: boolean): ExitCode {
  return isCheck && compiled.some(({ isCurrent }) => !isCurrent) ? EXIT.violated : EXIT.holds;
}

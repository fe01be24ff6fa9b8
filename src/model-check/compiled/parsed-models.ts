/**
 * The models' modules as SANY, the parser of TLC, resolved them: committed, so that the compiled
 * engine runs the models where there is no Java. Each is held to the text that it was read from.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PackedSpecs } from "../../compiler/packed/form.ts";
import { pack } from "../../compiler/packed/pack.ts";
import { unpack } from "../../compiler/packed/unpack.ts";
import { readSpec } from "../../compiler/read.ts";
import { exportXml } from "../../compiler/sany.ts";
import type { SpecTree } from "../../compiler/tree.ts";

/** Java, and TLC's jar with SANY in it. */
export interface Parser {
  readonly java: string;
  readonly jar: string;
}

export interface ParsedModels extends PackedSpecs {
  /** Of each root module, the SHA-256 of its text and of those that it extends or instantiates. */
  readonly digests: Readonly<Record<string, string>>;
}

/** The file of a models' folder that holds what SANY resolved. */
export const PARSED_FILE = "parsed.json";

/** What was committed of a folder of models; null where nothing was. */
export async function readParsed(folder: string): Promise<ParsedModels | null> {
  const file = join(folder, PARSED_FILE);
  if (!existsSync(file)) return null;
  const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
  if (!isParsed(parsed)) throw new Error(`${file} is not what lockstep compile writes: run it.`);
  return parsed;
}

function isParsed(value: unknown): value is ParsedModels {
  if (typeof value !== "object" || value === null) return false;
  return ["modules", "definitions", "specs", "digests"].every((field) => field in value);
}

/** A root module as it was parsed; null where its text, or one it rests on, is another since. */
export async function currentTree(
  parsed: ParsedModels | null,
  module: string,
  folder: string,
): Promise<SpecTree | null> {
  if (parsed?.digests[module] !== (await digestOf(module, folder))) return null;
  return unpack(parsed, module);
}

/** Has SANY resolve a root module of the folder. @throws ParseError for what is no TLA+ */
export async function parseModule(
  module: string,
  folder: string,
  { java, jar }: Parser,
): Promise<SpecTree> {
  const file = join(folder, `${module}.tla`);
  return readSpec(await exportXml({ java, jar, file, libraries: [join(folder, "..")] }));
}

/** The text of the file for root modules, as it is to be committed. */
export async function parsedText(
  modules: readonly string[],
  folder: string,
  treeOf: (module: string) => Promise<SpecTree>,
): Promise<string> {
  const trees: SpecTree[] = [];
  const digests: Record<string, string> = {};
  for (const module of modules) {
    trees.push(await treeOf(module));
    digests[module] = await digestOf(module, folder);
  }
  return textOf({ digests, ...pack(trees) });
}

/** JSON with a line for each entry, so that a change shows where it is. */
function textOf({ specs, digests, ...tables }: ParsedModels): string {
  const lists = Object.entries(tables).map(([name, entries]) => {
    return `${JSON.stringify(name)}: [\n${entries.map((each: unknown) => JSON.stringify(each)).join(",\n")}\n]`;
  });
  const maps = Object.entries({ specs, digests }).map(([name, map]) => {
    const lines = Object.entries(map).map(([key, each]) => {
      return `${JSON.stringify(key)}: ${JSON.stringify(each)}`;
    });
    return `${JSON.stringify(name)}: {\n${lines.join(",\n")}\n}`;
  });
  return `{\n${[...lists, ...maps].join(",\n")}\n}\n`;
}

const NAMES_MODULES = /\b(?:EXTENDS|INSTANCE)\s+(\w+(?:\s*,\s*\w+)*)/g;

/** The digest of a root module and of what it rests on, the standard modules aside. */
async function digestOf(module: string, folder: string): Promise<string> {
  const texts = new Map<string, string>();
  const read = async (name: string): Promise<void> => {
    const file = [folder, join(folder, "..")]
      .map((each) => join(each, `${name}.tla`))
      .find((each) => existsSync(each));
    if (file === undefined || texts.has(name)) return;
    const text = (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
    texts.set(name, text);
    for (const [, names = ""] of text.matchAll(NAMES_MODULES)) {
      for (const each of names.split(",")) await read(each.trim());
    }
  };
  await read(module);
  const hash = createHash("sha256");
  for (const [name, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name} ${text.length}\n${text}`);
  }
  return hash.digest("hex");
}

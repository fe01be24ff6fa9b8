import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Project } from "ts-morph";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const project = new Project({ skipAddingFilesFromTsConfig: true });
project.addSourceFilesAtPaths([
  `${ROOT}/src/**/*.ts`,
  `${ROOT}/src/**/*.tsx`,
  `${ROOT}/trace-check/**/*.ts`,
]);

/** Data flows one way: what each folder may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/state-machine": ["src/core"],
  "src/trace": [],
  "src/setup": [],
  "src/compiler": ["src/engine", "src/setup"],
  "src/engine": [],
  "src/history": ["src/state-machine"],
  "src/sim": ["src/core", "src/state-machine", "src/trace", "src/history"],
  "src/node": ["src/core", "src/state-machine", "src/trace"],
  "src/cluster": ["src/core", "src/state-machine", "src/node", "src/sim", "src/history"],
  "trace-check": ["src/trace", "src/engine", "src/setup"],
  "src/model-check": ["src/setup", "src/compiler", "src/engine"],
  "src/replay": ["src/core", "src/trace", "src/model-check"],
  "src/explorer": ["src/core", "src/trace", "src/sim", "src/engine", "src/replay", "trace-check"],
};

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

/** What a file imports and exports from, read from its syntax: a template is no import. */
function specifiersOf(file: string): string[] {
  const source = project.getSourceFileOrThrow(join(ROOT, file));
  const declarations = [...source.getImportDeclarations(), ...source.getExportDeclarations()];
  return declarations.flatMap((declaration) => declaration.getModuleSpecifierValue() ?? []);
}

/** The folders of the flow that a file imports, outside of its own. */
function importedFolders(file: string, own: string): string[] {
  const specifiers = specifiersOf(file).filter((specifier) => specifier.startsWith("."));
  return specifiers
    .map((specifier) => relative(ROOT, resolve(ROOT, dirname(file), specifier)))
    .filter((target) => !target.startsWith(`${own}/`))
    .map((target) =>
      target.startsWith("src/")
        ? target.split("/").slice(0, 2).join("/")
        : (target.split("/")[0] ?? ""),
    );
}

function existingFolders(): string[] {
  return Object.keys(MAY_IMPORT).filter((folder) => {
    try {
      return readdirSync(join(ROOT, folder)).length > 0;
    } catch {
      return false;
    }
  });
}

describe("data flows one way", () => {
  test.each(existingFolders())("%s imports only what it may", (folder) => {
    const allowed = MAY_IMPORT[folder] ?? [];
    const faults = filesUnder(folder).flatMap((file) =>
      importedFolders(file, folder)
        .filter((target) => !allowed.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(faults).toEqual([]);
  });

  test("the engine runs in a browser as well: it imports nothing of Node, and no package", () => {
    const faults = filesUnder("src/engine").flatMap((file) =>
      specifiersOf(file)
        .filter((specifier) => !specifier.startsWith("./") && !specifier.startsWith("../"))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  test("the core imports nothing but itself: no package, nothing of Node", () => {
    const faults = filesUnder("src/core").flatMap((file) =>
      specifiersOf(file)
        .filter((specifier) => !specifier.startsWith("./"))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  test("nothing imports the explorer: it is a page, built into one file", () => {
    const faults = existingFolders()
      .filter((folder) => folder !== "src/explorer")
      .flatMap((folder) => filesUnder(folder).map((file) => ({ file, folder })))
      .filter(({ file, folder }) => importedFolders(file, folder).includes("src/explorer"));
    expect(faults).toEqual([]);
  });

  test("the explorer reads the page in src/explorer/page only", () => {
    const ofAPage = /\b(document|window|localStorage|navigator)\b/;
    const faults = filesUnder("src/explorer")
      .filter((file) => !file.startsWith("src/explorer/page"))
      .filter((file) => ofAPage.test(withoutComments(readFileSync(join(ROOT, file), "utf8"))));
    expect(faults).toEqual([]);
  });

  test("the core and the simulator read no clock, no randomness and no I/O", () => {
    const forbidden =
      /\b(Date\.now|new Date|Math\.random|performance\.now|setTimeout|setInterval|process\.|node:fs|node:net|crypto)\b/;
    const faults = ["src/core", "src/sim", "src/state-machine", "src/history"]
      .filter((folder) => existingFolders().includes(folder))
      .flatMap(filesUnder)
      .filter((file) => forbidden.test(withoutComments(readFileSync(join(ROOT, file), "utf8"))));
    expect(faults).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/\/\/.*$/gm, "");
}

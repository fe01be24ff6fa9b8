import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ts } from "ts-morph";
import type { Defect } from "./defect.ts";
import { plant } from "./plant.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** What runs in a simulation: each defect gets a copy of its own, and is planted there. */
const COPIED = ["src/core", "src/history", "src/sim", "src/state-machine", "src/trace"];

/** What judges: the same for all, and without any defect. */
const JUDGING = [...COPIED, "src/engine", "src/setup", "trace-check"];

/**
 * A folder with copies of the source, as JavaScript that Node runs: one without a defect, and
 * one for each defect. It is below the root, so that the packages of the project are found.
 */
export class Workshop {
  readonly #folder: string;

  constructor() {
    const parent = join(ROOT, ".lockstep");
    mkdirSync(parent, { recursive: true });
    this.#folder = mkdtempSync(join(parent, "mutants-"));
    for (const folder of JUDGING) {
      for (const file of sourcesBelow(folder)) this.#write(this.unplanted, file, readSource(file));
    }
    this.#write(this.unplanted, "test/mutants/trial.ts", readSource("test/mutants/trial.ts"));
  }

  /** The copy without a defect. */
  get unplanted(): string {
    return join(this.#folder, "unplanted");
  }

  /** The program that runs trials. */
  get trialProgram(): string {
    return join(this.unplanted, "test/mutants/trial.js");
  }

  /** Makes a copy with a defect in it. @returns its folder */
  plant(defect: Pick<Defect, "name" | "planted">): string {
    const folder = join(this.#folder, defect.name);
    for (const copied of COPIED) {
      cpSync(join(this.unplanted, copied), join(folder, copied), { recursive: true });
    }
    for (const [file, text] of plant(defect, readSource)) this.#write(folder, file, text);
    return folder;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(folder: string, file: string, text: string): void {
    const path = join(folder, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, javaScriptOf(text));
  }
}

export function readSource(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function javaScriptOf(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return outputText;
}

/** A model of the manifest as the compiled engine runs it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseConfiguration } from "../../compiler/configuration.ts";
import { generate } from "../../compiler/generate.ts";
import type { SpecTree } from "../../compiler/tree.ts";
import { constantsOf, ModelValues } from "../../engine/constants.ts";
import { loadSpec } from "../../engine/load.ts";
import type { CompiledSpec } from "../../engine/spec.ts";
import { type Model, modelsFolder } from "../manifest.ts";
import {
  currentTree,
  type ParsedModels,
  type Parser,
  parseModule,
  readParsed,
} from "./parsed-models.ts";

/** Compiles models, each module read once. */
export class ModelCompiler {
  readonly #folder: string;
  readonly #parser: () => Promise<Parser>;
  readonly #trees = new Map<string, Promise<SpecTree>>();
  #parsed: Promise<ParsedModels | null> | null = null;

  /** `parser` is asked for only where a module's text is not the one that was committed parsed. */
  constructor(parser: () => Promise<Parser>, folder = modelsFolder()) {
    this.#folder = folder;
    this.#parser = parser;
  }

  /**
   * The model's spec under its configuration.
   *
   * @throws RefusedError for what the engine does not cover, by name and place
   */
  async compile({ module, config }: Pick<Model, "module" | "config">): Promise<CompiledSpec> {
    const configuration = parseConfiguration(await readFile(join(this.#folder, config), "utf8"));
    const tree = this.#trees.get(module) ?? this.#treeOf(module);
    this.#trees.set(module, tree);
    const text = generate({ spec: await tree, configuration });
    return loadSpec(text, constantsOf(configuration.constants, new ModelValues()));
  }

  async #treeOf(module: string): Promise<SpecTree> {
    this.#parsed ??= readParsed(this.#folder);
    const committed = await currentTree(await this.#parsed, module, this.#folder);
    return committed ?? (await parseModule(module, this.#folder, await this.#parser()));
  }
}

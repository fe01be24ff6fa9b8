/** `lockstep model --engine compiled`: the models on the engine that needs no Java. */
import { RefusedError } from "../../engine/errors.ts";
import { locateModelChecker } from "../../model-check/check-model.ts";
import { type CompiledVerdict, exploreModel } from "../../model-check/compiled/explore-model.ts";
import { ModelCompiler } from "../../model-check/compiled/spec-of-model.ts";
import type { Model } from "../../model-check/manifest.ts";
import { EnvironmentError } from "../../setup/environment-error.ts";
import { CommandError, type CommandIo, EXIT } from "../command.ts";
import type { ModelArguments } from "./arguments.ts";
import { progressOf } from "./text.ts";

/** A model that the compiled engine does not take, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/**
 * Explores the models one after the other, each in this thread.
 *
 * @throws CommandError for a model that was asked for by name and that the engine refuses
 */
export async function* compiledVerdicts(
  models: readonly Model[],
  { names }: ModelArguments,
  io: CommandIo,
): AsyncGenerator<{ readonly model: Model } & ({ readonly verdict: CompiledVerdict } | LeftOut)> {
  const compiler = new ModelCompiler(() => parserFor(io));
  for (const model of models) {
    try {
      const spec = await compiler.compile(model);
      const onProgress = progressOf(model, 1, io);
      yield { model, verdict: exploreModel(model, spec, { onProgress }) };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const why = error.message;
      if (names.length > 0) {
        const remedy = `lockstep model ${model.name} has TLC check it.`;
        throw new CommandError(EXIT.badInput, `${model.name} is not run: ${why} ${remedy}`);
      }
      yield { model, name: model.name, why };
    }
  }
}

/** SANY reads a module whose text is another than the one that was committed as it is read. */
async function parserFor(io: CommandIo) {
  try {
    return await locateModelChecker(io.env, (line) => io.stderr(`${line}\n`));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new EnvironmentError(
      `The spec is not the one in spec/models/parsed.json: SANY, the parser of TLC, has to read it anew. ${error.message}`,
    );
  }
}

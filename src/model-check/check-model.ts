/** Checks one model of the manifest with TLC. */

import type { Environment } from "../setup/environment.ts";
import { locateJava, locateTlc } from "../setup/tlc.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type Model, modelsFolder } from "./manifest.ts";
import { runTlc } from "./run-tlc.ts";
import type { TlcProgress } from "./tlc-report.ts";
import { judge, type ModelVerdict } from "./verdict.ts";

/** What TLC runs on. */
export interface ModelChecker {
  readonly java: string;
  readonly jar: string;
}

/**
 * Finds Java, and finds or fetches TLC.
 * @throws EnvironmentError where one of them is missing.
 */
export async function locateModelChecker(
  env: Environment,
  onProgress?: (line: string) => void,
): Promise<ModelChecker> {
  const { java } = await locateJava(env);
  const jar = await locateTlc(onProgress === undefined ? { env } : { env, onProgress });
  return { java, jar };
}

export interface CheckModelOptions {
  readonly workers: number;
  /** Where the model's module is; by default spec/models. */
  readonly folder?: string;
  readonly onProgress?: (progress: TlcProgress) => void;
  readonly checkpoints?: Checkpoints;
}

/** Runs TLC on the model and holds what it reports against the manifest. */
export async function checkModel(
  model: Model,
  checker: ModelChecker,
  options: CheckModelOptions,
): Promise<ModelVerdict> {
  const begin = performance.now();
  const folder = options.folder ?? modelsFolder();
  const report = await runTlc({
    ...checker,
    model,
    folder,
    workers: options.workers,
    coverage: countsActions(model) && options.checkpoints === undefined,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.checkpoints === undefined ? {} : { checkpoints: options.checkpoints }),
  });
  const seconds = (performance.now() - begin) / 1000;
  const isResumed = options.checkpoints !== undefined && options.checkpoints.resume !== null;
  return judge(model, { report, seconds, workers: options.workers, folder, isResumed });
}

/**
 * Actions are counted where it says something: in an exhaustive search that ought to pass, unless
 * a smaller model does it for this one.
 */
function countsActions(model: Model): boolean {
  if (model.actionsCountedBy !== undefined) return false;
  return model.expected === "pass" && model.simulate === undefined && model.size !== "deep";
}

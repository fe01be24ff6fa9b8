import { beforeAll } from "vitest";
import type { Engine } from "../../trace-check/engine.ts";
import {
  createTlcEngine,
  type TlcEngineOptions,
  type TlcInstallation,
} from "../../trace-check/tlc/engine.ts";
import { locateTlcInstallation } from "../../trace-check/tlc/install.ts";

/** Long enough for a few starts of Java on a loaded machine. */
export const TLC_MILLISECONDS = 180_000;

/** An engine for the tests of a file; TLC is looked for once. */
export function tlcForTests(): (options?: TlcEngineOptions) => Engine {
  let installation: TlcInstallation | undefined;
  beforeAll(async () => {
    installation = await locateTlcInstallation(process.env);
  }, TLC_MILLISECONDS);
  return (options) => {
    if (installation === undefined) throw new Error("TLC was not located");
    return createTlcEngine(installation, options);
  };
}

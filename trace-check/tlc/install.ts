import { cacheFolder, type Environment, packageFolder } from "../../src/setup/environment.ts";
import { locateJava, locateTlc } from "../../src/setup/tlc.ts";
import type { TlcInstallation } from "./engine.ts";

/**
 * Finds Java and TLC on this machine; TLC is fetched where it is not there yet.
 *
 * @param onProgress told what goes on while it is fetched
 * @throws EnvironmentError where there is no Java, or no TLC can be had
 */
export async function locateTlcInstallation(
  env: Environment,
  onProgress: (line: string) => void = () => undefined,
): Promise<TlcInstallation> {
  const { java, javac, version } = await locateJava(env);
  const jar = await locateTlc({ env, onProgress });
  return {
    java,
    javaVersion: version,
    javac,
    jar,
    packageFolder: packageFolder(),
    cacheFolder: cacheFolder(env),
  };
}

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ModelChecker } from "../../src/model-check/check-model.ts";
import { modelsFolder } from "../../src/model-check/manifest.ts";

/**
 * Has TLC walk through spec/models/MCBehaviours at random.
 * @param folder takes what TLC needs for itself as well
 * @returns the folder of the files, one a behaviour
 */
export async function generateBehaviours(
  { java, jar }: ModelChecker,
  folder: string,
  { behaviours, seed }: { readonly behaviours: number; readonly seed: number },
): Promise<string> {
  const models = modelsFolder();
  const out = join(folder, `seed-${seed}`);
  mkdirSync(out);
  const child = spawn(
    java,
    [
      ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx2g", `-Djava.io.tmpdir=${folder}`],
      ...[`-DTLA-Library=${join(models, "..")}`, "-cp", jar, "tlc2.TLC"],
      ...["-metadir", join(folder, "states"), "-workers", "1", "-seed", String(seed)],
      ...["-simulate", `file=${join(out, "b")},num=${behaviours}`, "-depth", "50"],
      ...["-config", "MCBehaviours.cfg", "MCBehaviours.tla"],
    ],
    { cwd: models, stdio: ["ignore", "pipe", "inherit"] },
  );
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed = (printed + text).slice(-2000);
  });
  const exitCode = await new Promise<number | null>((done, fail) => {
    child.on("error", fail).on("close", done);
  });
  if (exitCode !== 0) throw new Error(`TLC ended with exit code ${exitCode}:\n${printed}`);
  return out;
}

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EnvironmentError } from "../../setup/environment-error.ts";

const execute = promisify(execFile);

/** The built programs of test/bench. */
export interface GoPrograms {
  readonly load: string;
  readonly hashicorpRaft: string;
}

/**
 * Builds the programs of test/bench into a folder.
 *
 * @throws EnvironmentError without Go, or outside of a clone
 */
export async function buildGoPrograms(
  folder: string,
  progress: (line: string) => void,
): Promise<GoPrograms> {
  const sources = findSources();
  progress("cluster: building the load and hashicorp/raft (Go)");
  const build = async (name: string): Promise<string> => {
    const program = join(folder, process.platform === "win32" ? `${name}.exe` : name);
    try {
      await execute("go", ["build", "-o", program, "."], { cwd: join(sources, name) });
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      throw new EnvironmentError(
        `test/bench/${name} cannot be built (${reason}): install Go, https://go.dev/dl.`,
      );
    }
    return program;
  };
  return { load: await build("load"), hashicorpRaft: await build("hashicorp-raft") };
}

/** From dist/src/bench/cluster or src/bench/cluster, the repository is four or three folders up. */
function findSources(): string {
  for (const up of ["../../../..", "../../.."]) {
    const folder = fileURLToPath(new URL(`${up}/test/bench`, import.meta.url));
    if (existsSync(join(folder, "load", "go.mod"))) return folder;
  }
  throw new EnvironmentError(
    "the load of this benchmark is only in a clone of the repository: clone it, and run it there.",
  );
}

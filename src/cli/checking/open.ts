/** Shows a file to whoever sits at this machine. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Where the report that `--open` shows lies, unless `--report html=FILE` says otherwise. */
export function placeToOpen(): string {
  return join(mkdtempSync(join(tmpdir(), "lockstep-report-")), "report.html");
}

/** Has the system open a file in the browser; see `openAddress`. */
export async function openInBrowser(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  return await openAddress(pathToFileURL(file).href, env);
}

/**
 * Has the system open an address in the browser, and does not wait for it.
 *
 * @param env BROWSER names a program to be used in place of the system's own
 * @returns false where there is nothing to open it with
 */
export async function openAddress(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [program, ...args] = opener(env);
  const child = spawn(program, [...args, address], {
    detached: true,
    stdio: "ignore",
    env: { ...env },
  });
  const isStarted = await new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
  child.unref();
  return isStarted;
}

function opener(env: Readonly<Record<string, string | undefined>>): [string, ...string[]] {
  if (env.BROWSER !== undefined && env.BROWSER !== "") return [env.BROWSER];
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["cmd", "/c", "start", ""];
  return ["xdg-open"];
}

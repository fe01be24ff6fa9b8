/** Opens a page in the user's own browser, where there is one. */
import { spawn } from "node:child_process";

/** Tries; where there is no browser the address was printed all the same. */
export function openInBrowser(url: string, platform = process.platform): void {
  const [program, args] = openerOf(url, platform);
  const opener = spawn(program, args, { stdio: "ignore", detached: true });
  opener.once("error", () => {});
  opener.unref();
}

function openerOf(url: string, platform: NodeJS.Platform): readonly [string, string[]] {
  if (platform === "darwin") return ["open", [url]];
  if (platform === "win32") return ["cmd", ["/c", "start", "", url]];
  return ["xdg-open", [url]];
}

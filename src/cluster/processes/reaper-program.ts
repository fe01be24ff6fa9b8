/**
 * Kills what its parent leaves behind. It is told on its standard input of each process that is
 * started (+PID) and that has ended (-PID); when that input ends, the parent is gone, by whatever
 * cause, and what is left of them is killed: also what was stopped, and could not do it itself.
 */
import { createInterface } from "node:readline";

const left = new Set<number>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) left.add(pid);
  else left.delete(pid);
});
lines.on("close", () => {
  for (const pid of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
});

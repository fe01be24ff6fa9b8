/** Numbers, times and progress as people read them. */
import type { CommandIo } from "./command.ts";

export { byNumber, counted, withCommas } from "../trace/counted.ts";

/** 7.04 as "7.0 s", 312 as "5 min 12 s". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Tells of progress on standard error, at most every `seconds`. */
export function progressTeller(io: CommandIo, seconds: number): (text: () => string) => void {
  let last = performance.now();
  return (text) => {
    const now = performance.now();
    if (now - last < seconds * 1000) return;
    last = now;
    io.stderr(`${text()}\n`);
  };
}

/** Columns as wide as their widest cell; numbers, and what `right` names, to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

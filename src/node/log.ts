/** What a server tells of itself while it runs, for whoever watches it. */

export type LogLevel = "info" | "warn" | "error";

/** What a line of the log says beyond its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Takes a line of the log. It must not throw. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Says nothing. */
export const silentLog: Log = () => {};

/** A line that is the same in these is told once in this time; the others are counted. */
const QUIET_MILLISECONDS = 10_000;

/** The most different lines that are remembered. */
const MAX_REMEMBERED = 1000;

/**
 * A log that does not repeat itself: the same message about the same `subject` is told once in
 * ten seconds, and then with how many were left out. What strangers do cannot fill a disk.
 */
export function quietLog(log: Log, now: () => number = () => performance.now()) {
  const told = new Map<string, { at: number; leftOut: number }>();
  return (level: LogLevel, message: string, subject: string, fields: LogFields = {}): void => {
    const key = `${message}\n${subject}`;
    const last = told.get(key);
    if (last !== undefined && now() - last.at < QUIET_MILLISECONDS) {
      last.leftOut++;
      return;
    }
    if (last === undefined && told.size >= MAX_REMEMBERED) told.clear();
    told.set(key, { at: now(), leftOut: 0 });
    const leftOut = last?.leftOut ?? 0;
    log(level, message, { ...fields, ...(leftOut > 0 ? { leftOut } : {}) });
  };
}

export type QuietLog = ReturnType<typeof quietLog>;

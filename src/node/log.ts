/** What a server tells of itself while it runs, for whoever watches it. */

export type LogLevel = "info" | "warn" | "error";

/** What a line of the log says beyond its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Takes a line of the log. It must not throw. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** Says nothing. */
export const silentLog: Log = () => {};

/** A line of a kind about a subject is told once in this time; the others are counted. */
const QUIET_MILLISECONDS = 10_000;

/** The most lines of a kind in that time, whatever they are about. */
const MAX_SUBJECTS = 100;

interface Told {
  readonly at: number;
  leftOut: number;
}

/** What was told of a kind, by subject, and how much was left out about subjects that are not there. */
interface Kind {
  readonly told: Map<string, Told>;
  leftOut: number;
}

/** Takes a line of the log. `kind`: what tells it from others; absent: the message, but for numbers. */
export type QuietLog = (
  level: LogLevel,
  message: string,
  subject: string,
  fields?: LogFields,
  kind?: string,
) => void;

/**
 * A log that does not repeat itself: a line of the same kind about the same `subject` is told once in
 * ten seconds, and then with how many were left out. What strangers do cannot fill a disk, as long as
 * they do not choose the kind: a message that has their words in it needs one that has not.
 */
export function quietLog(log: Log, now: () => number = () => performance.now()): QuietLog {
  const kinds = new Map<string, Kind>();
  return (level, message, subject, fields = {}, kind = message.replaceAll(/\d+/g, "#")) => {
    const of = kinds.get(kind) ?? { told: new Map(), leftOut: 0 };
    kinds.set(kind, of);
    const time = now();
    const last = of.told.get(subject);
    if (last !== undefined && time - last.at < QUIET_MILLISECONDS) {
      last.leftOut++;
      return;
    }
    if (last === undefined && !hasRoom(of, time)) {
      of.leftOut++;
      return;
    }
    of.told.set(subject, { at: time, leftOut: 0 });
    const leftOut = (last?.leftOut ?? 0) + of.leftOut;
    of.leftOut = 0;
    log(level, message, { ...fields, ...(leftOut > 0 ? { leftOut } : {}) });
  };
}

/** Forgets subjects of long ago where there are many. */
function hasRoom(kind: Kind, time: number): boolean {
  if (kind.told.size < MAX_SUBJECTS) return true;
  for (const [subject, { at, leftOut }] of kind.told) {
    if (time - at < QUIET_MILLISECONDS) continue;
    kind.told.delete(subject);
    kind.leftOut += leftOut;
  }
  return kind.told.size < MAX_SUBJECTS;
}

/** Words that a stranger has chosen, as they go into a line of a log. */
export function inBrief(words: string): string {
  return words.length > 100 ? `${words.slice(0, 100)}...` : words;
}

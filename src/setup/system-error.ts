/** What the operating system refuses, as it is told to people. */

/** Node's words for it without the call and the path, which the message names by itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replace(/, [a-z]+(?: '.*')?$/s, "");
}

/** That a file cannot be read, in one line: which, why, and what can be done. */
export function cannotBeRead(file: string, error: unknown): string {
  const remedy = remedyOf(error);
  return `${file} cannot be read (${reasonOf(error)})${remedy === "" ? "" : `: ${remedy}`}.`;
}

/** The system's code, as ENOSPC; empty for any other error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Whether the machine has no more of something, so that another path would help as little. */
export function isExhaustion(error: unknown): boolean {
  return EXHAUSTED.has(codeOf(error));
}

const EXHAUSTED: ReadonlySet<string> = new Set([
  ...["ENOSPC", "EDQUOT", "EIO"],
  ...["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"],
]);

/** What can be done about an error of the system; empty where that depends. */
export function remedyOf(error: unknown): string {
  return REMEDIES[codeOf(error)] ?? "";
}

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: "permit it there, or name another place",
  EPERM: "permit it there, or name another place",
  EROFS: "name a place that can be written",
  ENOENT: "check the path",
  EEXIST: "name another place: a file has that name",
  ENOTDIR: "check the path, of which a part is no folder",
  EISDIR: "name a file, and no folder",
  ENAMETOOLONG: "choose a shorter name",
  ELOOP: "check the links on the way there",
  ENOSPC: "make room there",
  EDQUOT: "make room there",
  EMFILE: "raise the limit of open files (ulimit -n)",
  ENFILE: "end programs that hold files open",
  ENOMEM: "end programs that hold memory",
  EADDRINUSE: "name another port, or end what listens there",
};

/** What is to be replayed is not what it should be: where, why, and what to do. */
export class ReplayInputError extends Error {
  readonly file: string;
  /** From 1; 0 where it is the whole file. */
  readonly line: number;

  /** @param what without the place and without a full stop. */
  constructor(file: string, line: number, what: string) {
    super(`${file}${line === 0 ? "" : `:${line}`}: ${what}.`);
    this.name = "ReplayInputError";
    this.file = file;
    this.line = line;
  }
}

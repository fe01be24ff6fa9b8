/**
 * A log that cannot be trusted: it is damaged where no crash can have damaged it. A server does not
 * start on it, since what it would leave out may have been acknowledged.
 */
export class LogDamage extends Error {
  readonly file: string;
  readonly offset: number;

  constructor(file: string, offset: number, what: string) {
    super(
      `${file} is damaged at offset ${offset}: ${what}. This server cannot know what it has ` +
        "acknowledged, and must not start from it. Restore the folder from a copy that was made " +
        "while the server was down, or look after the disk and give the cluster a new server in " +
        "its place; do not delete the file, and do not start the server on an empty folder.",
    );
    this.name = "LogDamage";
    this.file = file;
    this.offset = offset;
  }
}

/** What is wrong with the form of a value: where in it, what, and what to do about it. */
export class FormFault extends Error {
  /** The path of the field within the line, such as `sent[0].entries[2].term`; empty for the line. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(field: string, problem: string, remedy: string) {
    super(field === "" ? problem : `${field}: ${problem}`);
    this.name = "FormFault";
    this.field = field;
    this.problem = problem;
    this.remedy = remedy;
  }

  /** The same fault, seen from the object that holds the field. */
  inside(parent: string): FormFault {
    const isSuffix = this.field === "" || this.field.startsWith("[");
    const field = isSuffix ? parent + this.field : `${parent}.${this.field}`;
    return new FormFault(field, this.problem, this.remedy);
  }
}

/** A trace is malformed: the file, the line and the field, what is wrong, and what to do. */
export class TraceFormatError extends Error {
  readonly file: string;
  /** From 1; 0 where it is the file as a whole that cannot be read. */
  readonly line: number;
  /** The path of the field within the line; empty for the line as a whole. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(file: string, line: number, fault: FormFault) {
    const place = line === 0 ? file : `${file}:${line}`;
    super(`${place}: ${fault.message}. ${fault.remedy}`);
    this.name = "TraceFormatError";
    this.file = file;
    this.line = line;
    this.field = fault.field;
    this.problem = fault.problem;
    this.remedy = fault.remedy;
  }
}

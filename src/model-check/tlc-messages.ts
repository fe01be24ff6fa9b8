/** Splits what TLC prints with `-tool` into its messages. */

/** One message of TLC. */
export interface TlcMessage {
  /** TLC's own number of it, as in tlc2.output.EC. */
  readonly code: number;
  readonly severity: "none" | "error" | "bug" | "warning" | "state";
  readonly text: string;
}

/** The codes of tlc2.output.EC that we read. */
export const TLC_CODE = {
  invariantViolatedInitially: 2107,
  propertyViolatedInitially: 2108,
  invariantViolated: 2110,
  actionPropertyViolated: 2112,
  deadlock: 2114,
  temporalPropertyViolated: 2116,
  behaviorUpToHere: 2121,
  backToState: 2122,
  finished: 2186,
  computingInit: 2189,
  success: 2193,
  depth: 2194,
  statistics: 2199,
  progress: 2200,
  simulationProgress: 2209,
  state: 2217,
  stuttering: 2218,
  counterexample: 2264,
  actionCoverage: 2772,
  serverReady: 7000,
  workerRegistered: 7001,
} as const;

const SEVERITIES = ["none", "error", "bug", "warning", "state"] as const;
const START = /^@!@!@STARTMSG (\d+)(?::(\d))? @!@!@$/;
const END = /^@!@!@ENDMSG \d+ @!@!@$/;

/** Takes TLC's output in pieces, and gives its messages as they end. */
export class TlcMessageReader {
  readonly #onMessage: (message: TlcMessage) => void;
  readonly #onOther: (line: string) => void;
  #rest = "";
  #open: { readonly code: number; readonly severity: TlcMessage["severity"] } | undefined;
  #lines: string[] = [];

  /** @param onOther is given the lines outside of messages, such as those of the parser. */
  constructor(onMessage: (message: TlcMessage) => void, onOther: (line: string) => void) {
    this.#onMessage = onMessage;
    this.#onOther = onOther;
  }

  write(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line.endsWith("\r") ? line.slice(0, -1) : line);
  }

  end(): void {
    if (this.#rest !== "") this.write("\n");
  }

  #line(line: string): void {
    const start = START.exec(line);
    if (start !== null) {
      this.#open = {
        code: Number(start[1]),
        severity: SEVERITIES[Number(start[2] ?? 0)] ?? "none",
      };
      this.#lines = [];
    } else if (this.#open === undefined) {
      this.#onOther(line);
    } else if (END.test(line)) {
      this.#onMessage({ ...this.#open, text: this.#lines.join("\n") });
      this.#open = undefined;
    } else {
      this.#lines.push(line);
    }
  }
}

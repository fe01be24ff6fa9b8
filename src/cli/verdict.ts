/** What a run shows, where a check may have to give up. */
import { EXIT, type ExitCode } from "./command.ts";

/** A history too much for the check shows neither that it holds nor that it does not. */
export type RunVerdict = "holds" | "violated" | "undecided";

/** What cannot be decided is no violation, and must not pass either. */
export function exitCodeOfVerdict(verdict: RunVerdict): ExitCode {
  switch (verdict) {
    case "holds":
      return EXIT.holds;
    case "violated":
      return EXIT.violated;
    case "undecided":
      return EXIT.environment;
  }
}

import type { CheckResult } from "./check.ts";
import { explanationText, summary } from "./report.ts";

/** The result as workflow commands of GitHub Actions, which mark the lines of the files. */
export function githubReport(result: CheckResult): string {
  return [
    ...result.divergences.map((divergence) =>
      command(
        divergence.file,
        divergence.line,
        `${divergence.action} of ${divergence.server} #${divergence.seq} diverges from the spec`,
        explanationText(divergence),
      ),
    ),
    ...result.malformed.map((fault) =>
      command(fault.file, Math.max(1, fault.line), "malformed trace", fault.message),
    ),
    summary(result),
  ].join("\n");
}

function command(file: string, line: number, title: string, message: string): string {
  return `::error file=${property(file)},line=${line},title=${property(title)}::${data(message)}`;
}

/** Text after the colons: GitHub reads these three as escapes. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

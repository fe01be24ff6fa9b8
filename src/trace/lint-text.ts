import { counted } from "./counted.ts";
import type { LintFinding, LintReport } from "./lint.ts";

/**
 * A lint report as lines for people, one a finding, `file:line: severity: ...` first, so that
 * editors jump there; then one line that sums up.
 */
export function lintLines(report: LintReport): readonly string[] {
  const errorsShown = report.findings.filter(({ severity }) => severity === "error").length;
  const warnings = report.findings.length - errorsShown;
  const unshown = report.errors - errorsShown;
  return [
    ...report.findings.map(findingLine),
    ...(unshown > 0 ? [`${report.file}: and ${counted(unshown, "more error")}`] : []),
    `${report.file}: ${counted(report.events, "event")} of the right form, ` +
      `${counted(report.errors, "error")}, ${counted(warnings, "warning")}`,
  ];
}

function findingLine(finding: LintFinding): string {
  const { severity, field, problem, remedy, count } = finding;
  const place = finding.line === 0 ? finding.file : `${finding.file}:${finding.line}`;
  const what = field === "" ? problem : `${field}: ${problem}`;
  const times = count > 1 ? ` (${count} times, first here)` : "";
  return `${place}: ${severity}: ${what}${times}. ${remedy}`;
}

import type { Log, ReportingDescriptor, Result } from "sarif";
import type { CheckResult } from "./check.ts";
import type { Explanation } from "./explain.ts";
import { explanationText } from "./report.ts";

const RULES: readonly ReportingDescriptor[] = [
  rule("notEnabled", "The spec does not allow the action where the event takes it."),
  rule("mismatch", "The action does something else in the spec than the event says."),
  rule("violated", "The event is a step of the spec and breaks a property."),
  rule("notSent", "The message that the event receives was sent by nobody before."),
  rule("malformed", "The file is no trace, or not all of one."),
];

/**
 * The result in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), which code
 * hosts show beside the lines of files.
 *
 * @param version of this program
 */
export function sarifReport(result: CheckResult, version: string): string {
  const log: Log = {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "lockstep check",
            version,
            rules: [...RULES],
          },
        },
        columnKind: "utf16CodeUnits",
        results: [
          ...result.divergences.map(divergenceResult),
          ...result.malformed.map(({ file, line, message }) => ({
            ...resultOf("malformed", message, file, line),
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(id: string, text: string): ReportingDescriptor {
  return { id, shortDescription: { text }, defaultConfiguration: { level: "error" } };
}

/** The divergence, with the events that led to it as the steps of a code flow. */
function divergenceResult(divergence: Explanation): Result {
  const steps = [
    ...divergence.before.map(({ file, line, text }) => ({ file, line, text })),
    { file: divergence.file, line: divergence.line, text: divergence.event },
  ];
  return {
    ...resultOf(divergence.kind, explanationText(divergence), divergence.file, divergence.line),
    codeFlows: [
      {
        threadFlows: [
          {
            locations: steps.map(({ file, line, text }) => ({
              location: { ...locationOf(file, line), message: { text } },
            })),
          },
        ],
      },
    ],
  };
}

function resultOf(ruleId: string, text: string, file: string, line: number): Result {
  const ruleIndex = RULES.findIndex(({ id }) => id === ruleId);
  return {
    ruleId,
    ruleIndex,
    level: "error",
    message: { text },
    locations: [locationOf(file, line)],
  };
}

/** A line of 0 is the file as a whole: it has no region. */
function locationOf(file: string, line: number) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(line > 0 ? { region: { startLine: line } } : {}),
    },
  };
}

/** A path as a relative reference, or an absolute one as a file URI. */
function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  if (path.startsWith("/")) return `file://${path}`;
  return /^[A-Za-z]%3A\//.test(path) ? `file:///${path.replace("%3A", ":")}` : path;
}

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Defect, Kind, TestedDefect } from "./defect.ts";
import type { Chapter, TestedChapter } from "./defects/index.ts";
import type { Observed, Results } from "./results.ts";
import type { TestResult } from "./run-tests.ts";
import type { TrialResult } from "./trial.ts";

const PAGE = resolve(import.meta.dirname, "README.md");
const BEGIN = "<!-- table: written by LOCKSTEP_MEASURE=1, from defects/ and results.json -->";
const END = "<!-- end of table -->";

/** The part of README.md that is written here: figures come from trials, never by hand. */
export function tableOf(
  chapters: readonly Chapter[],
  tested: readonly TestedChapter[],
  results: Results,
): string {
  const observed = new Map(results.defects.map((each) => [each.name, each]));
  return [
    unplantedText(results.unplanted),
    summaryOf(chapters, observed),
    ...chapters.map((chapter) => chapterText(chapter, observed)),
    ...tested.map((chapter) => testedText(chapter, results.tested)),
  ].join("\n\n");
}

export function tableInPage(): string {
  const text = readFileSync(PAGE, "utf8");
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

export function updatePage(table: string): void {
  const text = readFileSync(PAGE, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the table`);
  writeFileSync(PAGE, `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`);
}

function unplantedText({ traceCheck, invariants, oracles }: Observed): string {
  const accused = [traceCheck, invariants, oracles].filter(({ seen }) => seen !== null).length;
  const verdict = accused === 0 ? "is not accused" : "**is accused**";
  return (
    `Without a defect the implementation ${verdict}: by the trace check in ` +
    `${count(traceCheck.events)} events of ${count(traceCheck.runs)} runs, by the invariants in ` +
    `${count(invariants.events)} events, by the oracles in ${count(oracles.events)}.`
  );
}

function summaryOf(chapters: readonly Chapter[], observed: ReadonlyMap<string, Observed>): string {
  const defects = chapters.flatMap(({ defects }) => defects);
  const seen = (by: "traceCheck" | "invariants" | "oracles", kind: Kind) =>
    defects.filter((defect) => {
      return defect.kind === kind && (observed.get(defect.name)?.[by].seen ?? null) !== null;
    }).length;
  const rows = (["safety", "liveness", "cost", "none"] as const).map((kind) => {
    const all = defects.filter((defect) => defect.kind === kind).length;
    const figures = [seen("traceCheck", kind), seen("invariants", kind), seen("oracles", kind)];
    return `| ${kind} | ${all} | ${figures.join(" | ")} |`;
  });
  return [
    "| costs | defects | seen by the trace check | by the invariants alone | by the oracles alone |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
}

function chapterText({ title, defects }: Chapter, observed: ReadonlyMap<string, Observed>): string {
  return [
    `### ${title}`,
    "",
    "| defect | costs | trace check | invariants | oracles |",
    "| --- | --- | --- | --- | --- |",
    ...defects.map((defect) => rowOf(defect, observed.get(defect.name))),
  ].join("\n");
}

function testedText({ title, defects }: TestedChapter, results: readonly TestResult[]): string {
  return [
    `### ${title}`,
    "",
    "| defect | tests that fail |",
    "| --- | --- |",
    ...defects.map((defect) => {
      const failed = results.find(({ name }) => name === defect.name)?.failed ?? [];
      const titles = failed.map((each) => each.replaceAll("|", "\\|"));
      return `| ${toldText(defect)} | ${titles.length === 0 ? "–" : titles.join("; ")} |`;
    }),
  ].join("\n");
}

/** What a defect does, and where it was. */
function toldText({ name, does, sources }: Defect | TestedDefect, because = ""): string {
  const links = sources.map(({ text, url }) => `[${text}](${url})`).join(", ");
  return `**${name}**: ${does}${because} (${links})`;
}

function rowOf(defect: Defect, observed: Observed | undefined): string {
  if (observed === undefined) throw new Error(`there is no result for ${defect.name}`);
  const because = defect.because === undefined ? "" : ` *${defect.because}*`;
  const cells = [
    toldText(defect, because),
    defect.kind,
    seenText(observed.traceCheck),
    seenText(observed.invariants),
    seenText(observed.oracles),
  ];
  return `| ${cells.join(" | ")} |`;
}

function seenText({ seen, runs, events }: TrialResult): string {
  if (seen === null) return "–";
  const after = `${count(events)} events, ${count(runs)} ${runs === 1 ? "run" : "runs"}`;
  if (seen.step === null) return `\`${seen.finding}\` (${after})`;
  const rule =
    seen.looksLike.length === 0 ? "" : `; as without \`${seen.looksLike.join("` or `")}\``;
  return `${seen.step}: \`${seen.finding}\`${rule} (${after})`;
}

function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

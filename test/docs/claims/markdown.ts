import { readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { ActionRow, RuleRow } from "./map.ts";
import type { Row } from "./rows.ts";
import type { Tagged } from "./tags.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** The marks between which a kind of table stands, the first of which names its source. */
export const MARKS = {
  claims: "<!-- claims: written by UPDATE_README=1, from spec/claims.json and the tags @claim -->",
  actions: "<!-- actions: written by UPDATE_README=1, from the tags @action -->",
  rules:
    "<!-- rules: written by UPDATE_README=1, from the interfaces of the rules and models/manifest.json -->",
} as const;
export type TableKind = keyof typeof MARKS;

/** The claims as a table of a document; links are relative to it, and lead to files by symbol. */
export function claimsTable(rows: readonly Row[], document: string): string {
  const link = linksFrom(document);
  const linkTo = ({ symbol, file }: Tagged, isCode: boolean) =>
    link(isCode ? `\`${symbol}\`` : escaped(symbol), file);
  return [
    "| claim | § | in the specification | in the code | shown by |",
    "|---|---|---|---|---|",
    ...rows.map(({ claim, spec, code, tests }) => {
      const operators = spec.map(({ operator, module }) =>
        link(`\`${operator}\``, `spec/${module}.tla`),
      );
      const cells = [
        claim.claim,
        claim.section,
        operators.length === 0 ? (claim.outside ?? "") : operators.join(", "),
        code.map((each) => linkTo(each, true)).join(", "),
        tests.map((each) => linkTo(each, false)).join(", "),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

/** The actions as a table: each with its operator, its function, and the claims that it is of. */
export function actionsTable(rows: readonly ActionRow[], document: string): string {
  const link = linksFrom(document);
  return [
    "| action | § | in the specification | in the code | claims |",
    "|---|---|---|---|---|",
    ...rows.map(({ action, module, claims }) => {
      const { name, section, symbol, file } = action;
      const operator = link(`\`${name}\``, `spec/${module}.tla`);
      return `| ${name} | ${section} | ${operator} | ${link(`\`${symbol}\``, file)} | ${claims.join("; ")} |`;
    }),
  ].join("\n");
}

/** The rules as a table: each with its operator, its predicate, and what falls without it. */
export function rulesTable(rows: readonly RuleRow[], document: string): string {
  const link = linksFrom(document);
  return [
    "| rule | in the specification | in the code | without it |",
    "|---|---|---|---|",
    ...rows.map(({ name, module, predicate, file, models }) => {
      const cells = [
        name,
        link(`\`${name}\``, `spec/${module}.tla`),
        link(`\`${predicate}\``, file),
        models.map(({ text, module: shows }) => link(text, `spec/models/${shows}.tla`)).join(", "),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

/** Links as a document has them: relative to its folder. */
function linksFrom(document: string): (text: string, file: string) => string {
  return (text, file) => `[${text}](${relative(dirname(document), file) || file})`;
}

function escaped(title: string): string {
  return title.replaceAll("|", "\\|").replaceAll("[", "\\[").replaceAll("]", "\\]");
}

/** The table of a kind that a document has. */
export function tableIn(document: string, kind: TableKind): string {
  const { text, from, to } = find(document, kind);
  return text.slice(from, to).trim();
}

export function replaceTable(document: string, kind: TableKind, table: string): void {
  const { text, from, to } = find(document, kind);
  writeFileSync(resolve(ROOT, document), `${text.slice(0, from)}\n\n${table}\n\n${text.slice(to)}`);
}

function find(document: string, kind: TableKind) {
  const text = readFileSync(resolve(ROOT, document), "utf8");
  const at = text.indexOf(MARKS[kind]);
  const to = text.indexOf(`<!-- end of ${kind} -->`, at);
  if (at < 0 || to < 0) throw new Error(`${document} has no place for ${kind}`);
  return { text, from: at + MARKS[kind].length, to };
}

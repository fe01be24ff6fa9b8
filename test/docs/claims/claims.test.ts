import { Project } from "ts-morph";
import { beforeAll, describe, expect, test } from "vitest";
import { type Claim, readClaims } from "./claims.ts";
import { type ActionRow, actionRows, holesInMap, type RuleRow, ruleRows } from "./map.ts";
import { actionsTable, claimsTable, replaceTable, rulesTable, tableIn } from "./markdown.ts";
import { readOperators } from "./operators.ts";
import { holesIn, type Row, rowsOf } from "./rows.ts";
import { readTags, type Tags, tagsOf } from "./tags.ts";

/** With UPDATE_README=1 the tables are written instead of compared. */
const IS_UPDATING = process.env.UPDATE_README === "1";

let tags: Tags;
let rows: readonly Row[];
let actions: readonly ActionRow[];
let rules: readonly RuleRow[];

beforeAll(() => {
  const operators = readOperators();
  tags = readTags();
  rows = rowsOf(readClaims(), operators, tags);
  actions = actionRows(tags, operators, rows);
  rules = ruleRows(operators);
});

test("every claim of the paper has its operators, its functions and its tests", () => {
  expect(rows.length).toBeGreaterThan(25);
  expect(holesIn(rows, tags)).toEqual([]);
});

test("every action and every rule is on both sides, and a model forgets each rule", () => {
  expect(actions.length).toBeGreaterThanOrEqual(20);
  expect(rules.length).toBeGreaterThanOrEqual(42);
  expect(holesInMap(actions, rules)).toEqual([]);
});

test.each([
  ["README.md", "claims"],
  ["spec/CLAIMS.md", "claims"],
  ["spec/CLAIMS.md", "actions"],
  ["spec/CLAIMS.md", "rules"],
] as const)("%s has the table of the %s", (document, kind) => {
  const table = {
    claims: () => claimsTable(rows, document),
    actions: () => actionsTable(actions, document),
    rules: () => rulesTable(rules, document),
  }[kind]();
  if (IS_UPDATING) replaceTable(document, kind, table);
  const hint = "to write it anew: UPDATE_README=1 npx vitest run test/docs/claims";
  expect(tableIn(document, kind), hint).toBe(table);
});

describe("a hole in the table is seen", () => {
  const claim: Claim = { name: "Safe", claim: "It is safe", section: "5.2", spec: ["Safe"] };
  const code = "/** @claim Safe */\nexport function keepSafe() {}\n";
  const shown = '// @claim Safe\ntest("it is safe", () => {});\n';

  const holes = (claims: readonly Claim[], source: string, tested: string) => {
    const project = new Project({ useInMemoryFileSystem: true });
    project.createSourceFile("/src/core/safe.ts", source);
    project.createSourceFile("/test/core/safe.test.ts", tested);
    const found = tagsOf(project, "/");
    return holesIn(rowsOf(claims, new Map([["Safe", "Raft"]]), found), found);
  };

  test("and none is where there is none", () => {
    expect(holes([claim], code, shown)).toEqual([]);
  });

  test("of the map, where a rule or an action is on one side only, or no model forgets a rule", () => {
    const [action] = actions;
    const [rule] = rules;
    if (action === undefined || rule === undefined) throw new Error("there are none");
    const odd = { ...rule, name: "Odd", module: undefined, models: [] };
    expect(holesInMap([{ ...action, module: undefined }], [rule, odd])).toEqual([
      `the action ${action.action.name} has no operator, or no section`,
      "the rule Odd has no operator in the specification",
      "the rule Odd is forgotten by no model",
    ]);
  });

  test.each([
    ["a function", [claim], "", shown, "the claim Safe has no function tagged with it"],
    ["a test", [claim], code, "", "the claim Safe has no test tagged with it"],
    [
      "an operator",
      [{ ...claim, spec: [] }],
      code,
      shown,
      "the claim Safe has no operator of the specification",
    ],
    [
      "the definition of its operator",
      [{ ...claim, spec: ["Sound"] }],
      code,
      shown,
      "the claim Safe names Sound, which the specification lacks",
    ],
    [
      "a section",
      [{ ...claim, section: "somewhere" }],
      code,
      shown,
      "the claim Safe has no section of the paper",
    ],
    [
      "a claim for its tag",
      [],
      code,
      "",
      "src/core/safe.ts: keepSafe is tagged with Safe, which is no claim",
    ],
  ] as const)("where it lacks %s", (_, claims, source, tested, hole) => {
    expect(holes(claims, source, tested)).toEqual([hole]);
  });
});

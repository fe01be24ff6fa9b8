/** The rules that are tried together on an action are those that the spec asks in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { definitionsOf } from "../../src/explorer/model/sources.ts";
import { packageFolder } from "../../src/setup/environment.ts";
import { ACTIONS, type TraceAction } from "../../src/trace/format.ts";
import { RULES_ASKED } from "../../trace-check/explaining/rules-asked.ts";
import { readWords, rulesIn } from "../../trace-check/words.ts";

const rules = new Set(rulesIn(await readWords(packageFolder())));
const definitions = new Map(
  [
    ...["Raft", "RaftSnapshots", "RaftReads"],
    ...["ForgottenRules", "ForgottenSnapshotRules", "ForgottenReadRules"],
  ].flatMap((module) => {
    const text = readFileSync(join(packageFolder(), "spec", `${module}.tla`), "utf8");
    return [...definitionsOf(module, text)];
  }),
);

/** What spec/TraceRaft.tla takes in their place. */
const IN_A_TRACE: Readonly<Partial<Record<TraceAction, string>>> = {
  Restart: "RestartFromSnapshot",
  SendAppendEntries: "SendEntriesAfterSnapshot",
};

/** The names that a definition speaks of, itself or in what it speaks of, forgotten or not. */
function namesIn(name: string, known = new Set<string>()): ReadonlySet<string> {
  const text = definitions.get(name)?.text.replaceAll(/\\\*.*$/gm, "") ?? "";
  for (const [each] of text.matchAll(/[A-Z]\w*/g)) {
    if (known.has(each) || !definitions.has(each)) continue;
    known.add(each);
    namesIn(each, known);
    namesIn(`Forgotten${each}`, known);
  }
  return known;
}

test.each(ACTIONS)("of %s", (action) => {
  const asked = [...namesIn(IN_A_TRACE[action] ?? action)].filter((name) => rules.has(name));
  expect([...RULES_ASKED[action]].sort()).toEqual(asked.sort());
});

import { resolve } from "node:path";
import { type FunctionDeclaration, type Node, Project } from "ts-morph";
import { describe, expect, test } from "vitest";
import { ACTIONS, VARIABLES } from "../../src/trace/format.ts";
import { actionsOf, readSpec } from "./spec-text.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const spec = readSpec();
const snapshots = readSpec("RaftSnapshots");
const reads = readSpec("RaftReads");

/** Actions of Raft that a module on top of it restates, in its own words. */
const RESTATED = ["SendEntriesAfterSnapshot", "RestartFromSnapshot"];

/** The actions of Raft and of the modules on top of it, each once. */
const specActions = [
  ...actionsOf(spec),
  ...actionsOf(snapshots, "SnapshotStep"),
  ...actionsOf(reads, "ReadStep"),
].filter((action) => !RESTATED.includes(action));
const specVariables = [...new Set([...snapshots.variables, ...reads.variables])];
const project = new Project({ skipAddingFilesFromTsConfig: true });
project.addSourceFilesAtPaths([`${ROOT}/src/**/*.ts`, `${ROOT}/trace-check/**/*.ts`]);
const coreFiles = project
  .getSourceFiles()
  .filter((file) => file.getFilePath().includes("/src/core/"));
const coreFunctions = coreFiles.flatMap((file) => file.getFunctions());

function actionTagOf(declaration: FunctionDeclaration): string | null {
  const tags = declaration.getJsDocs().flatMap((doc) => doc.getTags());
  const tag = tags.find((candidate) => candidate.getTagName() === "action");
  return tag?.getCommentText()?.split(/\s+/)[0] ?? null;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function place(node: Node): string {
  const path = node
    .getSourceFile()
    .getFilePath()
    .slice(ROOT.length + 1);
  return `${path}:${node.getStartLineNumber()}`;
}

const actions = coreFunctions.filter((declaration) => actionTagOf(declaration) !== null);

describe("one action, one function, one event, one name", () => {
  test("every action of the spec has its function, and every tagged function its action", () => {
    expect(actions.map(actionTagOf).sort()).toEqual([...specActions].sort());
  });

  test("every action of the spec has its event, and every event its action", () => {
    expect([...ACTIONS].sort()).toEqual([...specActions].sort());
  });

  test("a function is named as its action", () => {
    for (const action of actions) {
      expect(action.getName(), place(action)).toBe(lowerFirst(actionTagOf(action) ?? ""));
    }
  });

  test("every action cites the paper", () => {
    for (const action of actions) {
      const tag = action.getJsDocs().flatMap((doc) => doc.getTags());
      expect(tag.map((each) => each.getText()).join(" "), place(action)).toMatch(/§\d|Figure \d/);
    }
  });
});

describe("the variables are the same on both sides", () => {
  test("spec and trace have the same variables, in the same order", () => {
    // The reads that wait are told by the events that ask and answer them.
    expect([...VARIABLES]).toEqual(specVariables.filter((variable) => variable !== "reads"));
  });

  test("each is a field of the core's Server, in the same order", () => {
    const server = coreFiles
      .find((file) => file.getBaseName() === "server.ts")
      ?.getInterfaceOrThrow("Server");
    const fields = server?.getProperties().map((property) => property.getName()) ?? [];
    expect(fields.filter((field) => specVariables.includes(field))).toEqual(specVariables);
  });
});

import { resolve } from "node:path";
import {
  type CallExpression,
  type FunctionDeclaration,
  type Node,
  Project,
  SyntaxKind,
} from "ts-morph";
import { describe, expect, test } from "vitest";
import { ACTIONS, EXTENSION_ACTIONS, VARIABLES } from "../../src/trace/format.ts";
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

/** What changes the container that a protocol variable holds. */
const MUTATORS = [
  ...["add", "clear", "delete", "set", "push"],
  ...["append", "truncateAfter", "compactTo", "replaceBySnapshot"],
];

/** Functions that set up a server before its first step. */
const CONSTRUCTORS = ["createServer"];

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
    expect([...ACTIONS, ...EXTENSION_ACTIONS].sort()).toEqual([...specActions].sort());
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

  test("every action ends with its one event, on every path", () => {
    for (const action of actions) {
      const calls = callsOf(action, "completeStep");
      expect(calls, place(action)).toHaveLength(1);
      const [call] = calls;
      expect(call?.getArguments()[1]?.getText(), place(action)).toBe(`"${actionTagOf(action)}"`);
      const returnsBefore = action
        .getDescendantsOfKind(SyntaxKind.ReturnStatement)
        .filter((statement) => statement.getPos() < (call?.getPos() ?? 0))
        .filter(
          (statement) => statement.getFirstAncestorByKind(SyntaxKind.ArrowFunction) === undefined,
        );
      expect(returnsBefore.map(place)).toEqual([]);
      expect(call?.getParentOrThrow().getParentOrThrow().getParentOrThrow()).toBe(action);
    }
  });

  test("nothing but an action completes a step", () => {
    const others = coreFunctions.filter(
      (declaration) =>
        actionTagOf(declaration) === null && callsOf(declaration, "completeStep").length > 0,
    );
    expect(others.map(place)).toEqual([]);
  });
});

function callsOf(node: Node, name: string): CallExpression[] {
  return node
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getText() === name);
}

describe("the variables are the same on both sides", () => {
  test("spec and trace have the same variables, in the same order", () => {
    expect([...VARIABLES]).toEqual(spec.variables);
  });

  test("each is a field of the core's Server, in the same order", () => {
    const server = coreFiles
      .find((file) => file.getBaseName() === "server.ts")
      ?.getInterfaceOrThrow("Server");
    const fields = server?.getProperties().map((property) => property.getName()) ?? [];
    expect(fields.filter((field) => specVariables.includes(field))).toEqual(specVariables);
  });
});

describe("protocol variables are written by actions only", () => {
  /** Writes to a protocol variable of a server, as an assignment or through a mutator. */
  function writesIn(node: Node): Node[] {
    const names = new Set<string>(specVariables);
    const assignments = node
      .getDescendantsOfKind(SyntaxKind.BinaryExpression)
      .filter((expression) => /^[+\-*/|&?]*=$/.test(expression.getOperatorToken().getText()))
      .map((expression) => expression.getLeft())
      .filter((left) => {
        const access = left.asKind(SyntaxKind.PropertyAccessExpression);
        return access !== undefined && names.has(access.getName());
      });
    const mutations = node.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => {
      const access = call.getExpression().asKind(SyntaxKind.PropertyAccessExpression);
      const holder = access?.getExpression().asKind(SyntaxKind.PropertyAccessExpression);
      return (
        access !== undefined &&
        holder !== undefined &&
        MUTATORS.includes(access.getName()) &&
        names.has(holder.getName())
      );
    });
    return [...assignments, ...mutations];
  }

  const byName = new Map(
    coreFunctions.map((declaration) => [declaration.getName() ?? "", declaration]),
  );

  /** The functions of the core from which a function is called. */
  function callersOf(name: string): FunctionDeclaration[] {
    return coreFunctions.filter((declaration) => callsOf(declaration, name).length > 0);
  }

  /** Whether a function is an action, or is only ever called within actions. */
  function isWithinActions(declaration: FunctionDeclaration, seen = new Set<string>()): boolean {
    const name = declaration.getName() ?? "";
    if (actionTagOf(declaration) !== null || CONSTRUCTORS.includes(name)) return true;
    if (seen.has(name)) return true;
    seen.add(name);
    const callers = callersOf(name);
    return callers.length > 0 && callers.every((caller) => isWithinActions(caller, seen));
  }

  test("in the core", () => {
    const writers = [...byName.values()].filter((declaration) => writesIn(declaration).length > 0);
    expect(writers.length).toBeGreaterThan(5);
    expect(writers.filter((writer) => !isWithinActions(writer)).map(place)).toEqual([]);
  });

  test("and nowhere else: hosts read a server, they do not write it", () => {
    const hosts = ["/src/sim/", "/src/node/", "/src/cli/", "/src/bench/", "/trace-check/"];
    const faults = project
      .getSourceFiles()
      .filter((file) => hosts.some((host) => file.getFilePath().includes(host)))
      .filter((file) =>
        file
          .getImportDeclarations()
          .some((each) => each.getModuleSpecifierValue().includes("core/")),
      )
      .flatMap((file) => writesIn(file))
      .filter((write) => /\bserver\b/i.test(write.getText().split(".")[0] ?? ""))
      .map(place);
    expect(faults).toEqual([]);
  });
});

import { relative, resolve } from "node:path";
import {
  type FunctionDeclaration,
  type MethodDeclaration,
  Node,
  Project,
  SyntaxKind,
} from "ts-morph";

const ROOT = resolve(import.meta.dirname, "../../..");

/** A place that is tagged: a function of the code, or a test. */
export interface Tagged {
  /** The function's name, or the test's title. */
  readonly symbol: string;
  /** Relative to the root. */
  readonly file: string;
  /** What the tag names: a claim, or an action. */
  readonly name: string;
  /** What an action's tag says behind its name: where the paper has it. */
  readonly section: string;
}

/** The tags of the source: what functions stand for, and what tests show. */
export interface Tags {
  /** `@claim` in the doc comment of a function or a method. */
  readonly code: readonly Tagged[];
  /** `@action` in the doc comment of a function. */
  readonly actions: readonly Tagged[];
  /** `// @claim` above a test, or above a group of them. */
  readonly tests: readonly Tagged[];
}

/** Reads the tags of src and test. */
export function readTags(): Tags {
  const project = new Project({ skipAddingFilesFromTsConfig: true });
  project.addSourceFilesAtPaths([`${ROOT}/src/**/*.ts`, `${ROOT}/test/**/*.test.ts`]);
  return tagsOf(project, ROOT);
}

/** The tags of a project's files, which are named relative to `root`. */
export function tagsOf(project: Project, root: string): Tags {
  const code: Tagged[] = [];
  const actions: Tagged[] = [];
  const tests: Tagged[] = [];
  for (const source of project.getSourceFiles()) {
    const text = source.getFullText();
    if (!text.includes("@claim") && !text.includes("@action")) continue;
    const file = relative(root, source.getFilePath());
    if (file.endsWith(".test.ts")) {
      for (const call of source.getDescendantsOfKind(SyntaxKind.CallExpression)) {
        tests.push(...testTags(call, file));
      }
      continue;
    }
    const methods = source.getClasses().flatMap((each) => each.getMethods());
    for (const declaration of [...source.getFunctions(), ...methods]) {
      code.push(...docTags(declaration, "claim", file));
      actions.push(...docTags(declaration, "action", file));
    }
  }
  return { code, actions, tests };
}

/** A tag `@claim` may carry several names, a tag `@action` one and where the paper has it. */
function docTags(
  declaration: FunctionDeclaration | MethodDeclaration,
  tag: "claim" | "action",
  file: string,
): readonly Tagged[] {
  const texts = declaration
    .getJsDocs()
    .flatMap((doc) => doc.getTags())
    .filter((each) => each.getTagName() === tag)
    .map((each) => each.getCommentText()?.split(/\s+/) ?? []);
  const symbol = declaration.getName() ?? "";
  if (tag === "claim") {
    return texts.flat().map((name) => ({ symbol, file, name, section: "" }));
  }
  return texts.map(([name = "", ...section]) => ({
    symbol,
    file,
    name,
    section: section.join(" ").replaceAll("§", ""),
  }));
}

/** The tags in the comments right above a call of test, it or describe, test.each included. */
function testTags(call: Node, file: string): readonly Tagged[] {
  const statement = call.getParentIfKind(SyntaxKind.ExpressionStatement);
  if (statement === undefined || !Node.isCallExpression(call)) return [];
  if (!/^(?:test|it|describe)\b/.test(call.getExpression().getText())) return [];
  const [title] = call.getArguments();
  if (!Node.isStringLiteral(title)) return [];
  return statement
    .getLeadingCommentRanges()
    .flatMap((comment) => [...comment.getText().matchAll(/^\/\/ @claim (.+)$/gm)])
    .flatMap((match) => match[1]?.split(/\s+/) ?? [])
    .map((name) => ({ symbol: title.getLiteralValue(), file, name, section: "" }));
}

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import {
  type CallExpression,
  type FunctionDeclaration,
  Node,
  Project,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";

const ROOT = resolve(import.meta.dirname, "../../..");

/** Text that takes the place of another in one file: a bug to see a proof fail. */
export interface Planted {
  readonly file: string;
  readonly find: string;
  readonly by: string;
}

/** The source of some folders, parsed; with bugs planted in the copy in memory. */
export class Source {
  readonly files: readonly SourceFile[];
  /** The functions of the core by name, which is unique. */
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;

  constructor(folders: readonly string[], planted: readonly Planted[] = []) {
    const project = new Project({ useInMemoryFileSystem: true });
    const names = folders.flatMap(sourcesBelow);
    for (const { file } of planted) {
      if (!names.includes(file)) throw new RangeError(`there is no ${file} to plant a bug in`);
    }
    this.files = names.map((name) => project.createSourceFile(`/${name}`, textOf(name, planted)));
    this.functions = new Map(
      this.files
        .filter((file) => file.getFilePath().startsWith("/src/core/"))
        .flatMap((file) => file.getFunctions())
        .map((declaration) => [declaration.getName() ?? "", declaration]),
    );
  }

  /** The functions that are an action each, by their tag. */
  get actions(): readonly FunctionDeclaration[] {
    return [...this.functions.values()].filter((each) => actionOf(each) !== null);
  }

  /** The function of the core that a call calls; undefined for a method, or one from elsewhere. */
  calleeOf(call: CallExpression): FunctionDeclaration | undefined {
    return this.functions.get(call.getExpression().getText());
  }

  /** The functions of the core that call one of this name. */
  callersOf(name: string): readonly FunctionDeclaration[] {
    return [...this.functions.values()].filter((each) => callsOf(each, name).length > 0);
  }

  /** Whether a function is an action, or is called within actions only, and so is part of them. */
  isPartOfActions(declaration: FunctionDeclaration, seen = new Set<string>()): boolean {
    const name = declaration.getName() ?? "";
    if (actionOf(declaration) !== null) return true;
    if (seen.has(name)) return true;
    seen.add(name);
    const callers = this.callersOf(name);
    return callers.length > 0 && callers.every((caller) => this.isPartOfActions(caller, seen));
  }
}

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function textOf(name: string, planted: readonly Planted[]): string {
  let text = readFileSync(join(ROOT, name), "utf8");
  for (const { file, find, by } of planted) {
    if (file !== name) continue;
    const pieces = text.split(find);
    if (pieces.length !== 2) throw new RangeError(`${name} has not once: ${find}`);
    text = pieces.join(by);
  }
  return text;
}

/** The action that a function is tagged with: `@action Timeout §5.2`. */
export function actionOf(declaration: FunctionDeclaration): string | null {
  const tags = declaration.getJsDocs().flatMap((doc) => doc.getTags());
  const tag = tags.find((candidate) => candidate.getTagName() === "action");
  return tag?.getCommentText()?.split(/\s+/)[0] ?? null;
}

/** All calls of a function by its name within a node. */
export function callsOf(node: Node, name: string): readonly CallExpression[] {
  return node
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getText() === name);
}

/** The function of a file that a node lies in, outermost; undefined where it lies in none. */
export function functionAround(node: Node): FunctionDeclaration | undefined {
  return node.getAncestors().filter(Node.isFunctionDeclaration).at(-1);
}

/** Where a node is, for a person: file, line, and the function. */
export function placeOf(node: Node): string {
  const file = relative("/", node.getSourceFile().getFilePath());
  const name = functionAround(node)?.getName() ?? "";
  return `${file}:${node.getStartLineNumber()}${name === "" ? "" : ` in ${name}`}`;
}

import { type FunctionDeclaration, Node, SyntaxKind } from "ts-morph";
import { functionAround, placeOf, type Source } from "./source.ts";

/** What changes a set, a map or an array in place. */
const CONTAINER_MUTATORS = [
  ...["add", "clear", "delete", "set"],
  ...["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"],
];

/** The one function that sets up a server before its first step. */
const CONSTRUCTOR = "createServer";

/**
 * Writes to a protocol variable of a server, whatever their form: an assignment, `++`, a call
 * that changes what the variable holds, by its own name or by another that it was given; and
 * handing it on to a function, which might.
 */
export function writesIn(
  node: Node,
  variables: ReadonlySet<string>,
  mutators: ReadonlySet<string>,
): readonly Node[] {
  const assignments = node
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .filter((each) => ASSIGNMENT.test(each.getOperatorToken().getText()))
    .filter((each) => isWritten(each.getLeft(), variables));
  const counts = [
    ...node.getDescendantsOfKind(SyntaxKind.PrefixUnaryExpression),
    ...node.getDescendantsOfKind(SyntaxKind.PostfixUnaryExpression),
  ]
    .filter((each) => COUNTING.includes(each.getOperatorToken()))
    .filter((each) => isWritten(each.getOperand(), variables));
  const deletions = node
    .getDescendantsOfKind(SyntaxKind.DeleteExpression)
    .filter((each) => isWritten(each.getExpression(), variables));
  const calls = node.getDescendantsOfKind(SyntaxKind.CallExpression).filter((each) => {
    const callee = each.getExpression();
    if (Node.isPropertyAccessExpression(callee)) {
      return mutators.has(callee.getName()) && isHeld(callee.getExpression(), variables);
    }
    return each.getArguments().some((argument) => isContainer(argument, variables));
  });
  return [...assignments, ...counts, ...deletions, ...calls];
}

const ASSIGNMENT = /^(?:[+\-*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=$/;
const COUNTING: readonly SyntaxKind[] = [SyntaxKind.PlusPlusToken, SyntaxKind.MinusMinusToken];

/** What is assigned to: the variable itself, or a place in what it holds. */
function isWritten(left: Node, variables: ReadonlySet<string>): boolean {
  if (Node.isPropertyAccessExpression(left)) {
    if (variables.has(left.getName()) && isServer(left.getExpression())) return true;
    return isHeld(left.getExpression(), variables);
  }
  return Node.isElementAccessExpression(left) && isHeld(left.getExpression(), variables);
}

/** Whether the expression is what a protocol variable of a server holds. */
function isHeld(expression: Node, variables: ReadonlySet<string>): boolean {
  if (Node.isPropertyAccessExpression(expression)) {
    return variables.has(expression.getName()) && isServer(expression.getExpression());
  }
  if (!Node.isIdentifier(expression)) return false;
  const declaration = declarationOf(expression.getText(), expression);
  if (Node.isVariableDeclaration(declaration)) {
    const initializer = declaration.getInitializer();
    return initializer !== undefined && isHeld(initializer, variables);
  }
  if (!Node.isBindingElement(declaration)) return false;
  const taken = declaration.getPropertyNameNode()?.getText() ?? declaration.getName();
  const from = declaration.getFirstAncestorByKind(SyntaxKind.VariableDeclaration)?.getInitializer();
  return variables.has(taken) && from !== undefined && isServer(from);
}

/** Containers only: a number that is handed on is a copy. */
const CONTAINERS = new Set([
  "log",
  "votesGranted",
  "nextIndex",
  "matchIndex",
  "confirmedRound",
  "reads",
]);

function isContainer(argument: Node, variables: ReadonlySet<string>): boolean {
  const containers = new Set([...variables].filter((name) => CONTAINERS.has(name)));
  return isHeld(argument, containers);
}

/** A server goes by this name, alone or at the end of another's: `server`, `host.server`. */
function isServer(expression: Node): boolean {
  return /(?:^|\.|\?\.)server!?$/i.test(expression.getText());
}

/** What declares a name in the function around a place: a variable, or a part of one. */
function declarationOf(name: string, place: Node): Node | undefined {
  const around = functionAround(place) ?? place.getSourceFile();
  return around
    .getDescendants()
    .find(
      (node) =>
        (Node.isVariableDeclaration(node) || Node.isBindingElement(node)) &&
        node.getName() === name,
    );
}

/** The methods by which a class of the core changes itself, the container mutators included. */
export function mutatorsOf(source: Source): ReadonlySet<string> {
  const methods = source.files
    .filter((file) => file.getFilePath().startsWith("/src/core/"))
    .flatMap((file) => file.getClasses())
    .flatMap((each) => each.getMethods());
  const mutators = new Set<string>(CONTAINER_MUTATORS);
  // A method that calls a mutator of what it holds is one too, until there are no more.
  for (let before = 0; before !== mutators.size; ) {
    before = mutators.size;
    for (const method of methods)
      if (changesItself(method, mutators)) mutators.add(method.getName());
  }
  return mutators;
}

function changesItself(method: Node, mutators: ReadonlySet<string>): boolean {
  const body = method.getText();
  const assigns = /\bthis\.#?\w+(?:\.\w+)?\s*(?:[+\-*/]?=(?!=)|\+\+|--)/;
  const mutates = new RegExp(`\\bthis\\.#?\\w+\\.(?:${[...mutators].join("|")})\\(`);
  return assigns.test(body) || mutates.test(body);
}

/** The writers of protocol variables in the core, and the writes that lie in no action. */
export function writersOutsideOfActions(source: Source, variables: ReadonlySet<string>) {
  const mutators = mutatorsOf(source);
  const writers: FunctionDeclaration[] = [];
  const faults: string[] = [];
  for (const file of source.files) {
    if (!file.getFilePath().startsWith("/src/core/")) continue;
    for (const write of writesIn(file, variables, mutators)) {
      const writer = functionAround(write);
      if (writer?.getName() === CONSTRUCTOR) continue;
      if (writer !== undefined) writers.push(writer);
      if (writer !== undefined && source.isPartOfActions(writer)) continue;
      faults.push(`${placeOf(write)}: ${write.getText()}`);
    }
  }
  return { writers: new Set(writers), faults };
}

/** Hosts read a server, they do not write it. */
export function writersAmongHosts(source: Source, variables: ReadonlySet<string>) {
  const mutators = mutatorsOf(source);
  return source.files
    .filter((file) => !file.getFilePath().startsWith("/src/core/"))
    .filter((file) => /from "[./]*\/core\//.test(file.getText()))
    .flatMap((file) => writesIn(file, variables, mutators))
    .map((write) => `${placeOf(write)}: ${write.getText()}`);
}

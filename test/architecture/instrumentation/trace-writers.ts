import { Node, SyntaxKind } from "ts-morph";
import { functionAround, placeOf, type Source } from "./source.ts";

/** In the core, the observer is told of a step where the step is completed, and nowhere else. */
export function observersToldElsewhere(source: Source): readonly string[] {
  return source.files
    .filter((file) => file.getFilePath().startsWith("/src/core/"))
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.CallExpression))
    .filter((call) =>
      /(?:^|\.)observer(?:!|\?)?$/.test(call.getExpression().getText().replace(/\?\.$/, "")),
    )
    .filter((call) => functionAround(call)?.getName() !== "completeStep")
    .map((call) => placeOf(call));
}

/**
 * In the hosts, an event is what the recorder made of a step that an observer saw: nobody else
 * makes an event, and nobody else tells the recorder of a step.
 */
export function eventsFromElsewhere(source: Source): readonly string[] {
  const made = source.files
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression))
    .filter((literal) =>
      ["server", "seq", "action"].every((name) => literal.getProperty(name) !== undefined),
    );
  const told = source.files
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.CallExpression))
    .filter((call) => /\.observe$/.test(call.getExpression().getText()))
    .filter((call) => call.getArguments().length === 2)
    .filter((call) => !call.getAncestors().some(isObserver));
  return [...made, ...told].map((node) => placeOf(node));
}

/** A function of a server and a step, or a method that is one: what the core calls, or hands on. */
function isObserver(node: Node): boolean {
  const isFunction =
    Node.isArrowFunction(node) ||
    Node.isMethodDeclaration(node) ||
    Node.isFunctionDeclaration(node);
  if (!isFunction) return false;
  const names = node.getParameters().map((parameter) => parameter.getName());
  return names.join() === "server,step";
}

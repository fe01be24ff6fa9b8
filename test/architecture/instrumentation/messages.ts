import { Node, type ObjectLiteralExpression, SyntaxKind } from "ts-morph";
import { actionOf, callsOf, functionAround, placeOf, type Source } from "./source.ts";

/** The types of messages: the literals of `type` in what the union `Message` is made of. */
export function messageTypes(source: Source): readonly string[] {
  const file = source.files.find((each) => each.getFilePath() === "/src/core/types.ts");
  const parts = (name: string): readonly string[] => {
    const union = file?.getTypeAlias(name)?.getTypeNodeOrThrow();
    if (union !== undefined) {
      const members = Node.isUnionTypeNode(union) ? union.getTypeNodes() : [union];
      return members.flatMap((member) => parts(member.getText()));
    }
    const type = file?.getInterface(name)?.getProperty("type")?.getTypeNode()?.getText();
    if (type === undefined) throw new RangeError(`${name} is no message`);
    return [type.replaceAll('"', "")];
  };
  return [...new Set(parts("Message"))];
}

/** Types without the action that handles them, or without one that sends them. */
export function messagesWithoutTheirAction(source: Source): readonly string[] {
  const actions = new Set(source.actions.map(actionOf));
  const sent = new Set(messagesIn(source).map(({ type }) => type));
  const routes = routesOf(source);
  return messageTypes(source).flatMap((type) => [
    ...(actions.has(`Handle${type}`) ? [] : [`${type} has no action Handle${type}`]),
    ...(sent.has(type) ? [] : [`${type} is sent by nobody`]),
    ...(routes.get(type) === `handle${type}`
      ? []
      : [`receive gives ${type} to ${routes.get(type) ?? "nobody"}`]),
  ]);
}

/** Messages that are made, or put among those to be sent, outside of an action. */
export function messagesOutsideOfActions(source: Source): readonly string[] {
  const made = messagesIn(source).map(({ literal }) => literal);
  const pushed = source.files
    .filter((file) => file.getFilePath().startsWith("/src/core/"))
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.CallExpression))
    .filter((call) => /\bmessages\.(?:push|unshift|splice)$/.test(call.getExpression().getText()));
  return [...made, ...pushed]
    .filter((node) => {
      const around = functionAround(node);
      return around === undefined || !source.isPartOfActions(around);
    })
    .map((node) => placeOf(node));
}

/** The object literals of the core that are messages: those whose `type` is one of theirs. */
function messagesIn(source: Source) {
  const types = messageTypes(source);
  return source.files
    .filter((file) => file.getFilePath().startsWith("/src/core/"))
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression))
    .flatMap((literal) => {
      const type = typeIn(literal);
      return type !== null && types.includes(type) ? [{ literal, type }] : [];
    });
}

function typeIn(literal: ObjectLiteralExpression): string | null {
  const property = literal.getProperty("type");
  if (!Node.isPropertyAssignment(property)) return null;
  const value = property.getInitializer();
  return Node.isStringLiteral(value) ? value.getLiteralValue() : null;
}

/** Which action `receive` gives each type to: the first call of its clause. */
function routesOf(source: Source): ReadonlyMap<string, string> {
  const receive = source.functions.get("receive");
  const clauses = receive?.getDescendantsOfKind(SyntaxKind.CaseClause) ?? [];
  return new Map(
    clauses.flatMap((clause) => {
      const type = clause.getExpression().getText().replaceAll('"', "");
      const handler = [...source.functions.keys()].find(
        (name) => name.startsWith("handle") && callsOf(clause, name).length > 0,
      );
      return handler === undefined ? [] : [[type, handler] as const];
    }),
  );
}

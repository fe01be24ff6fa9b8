/** A TLA+ expression as a tree, each part with its place in the text of its definition. */

interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface Bound {
  readonly names: readonly string[];
  readonly set: Node;
}

/** One change of an EXCEPT: `![s].term = e`. */
export interface Update {
  readonly path: readonly Node[];
  readonly value: Node;
}

export type Node = Placed &
  (
    | { readonly kind: "literal"; readonly value: string | number | boolean }
    | { readonly kind: "name"; readonly name: string; readonly operands: readonly Node[] }
    | { readonly kind: "apply"; readonly f: Node; readonly operands: readonly Node[] }
    | { readonly kind: "field"; readonly record: Node; readonly name: string }
    | { readonly kind: "prime" | "not" | "negative" | "domain" | "unchanged"; readonly of: Node }
    | { readonly kind: "and" | "or"; readonly parts: readonly Node[] }
    | {
        readonly kind: "binary";
        readonly symbol: string;
        readonly left: Node;
        readonly right: Node;
      }
    | { readonly kind: "if"; readonly test: Node; readonly yes: Node; readonly no: Node }
    | { readonly kind: "case"; readonly arms: readonly Arm[] }
    | { readonly kind: "let"; readonly definitions: readonly Definition[]; readonly body: Node }
    | {
        readonly kind: "forAll" | "exists";
        readonly bounds: readonly Bound[];
        readonly body: Node;
      }
    | { readonly kind: "set" | "tuple"; readonly parts: readonly Node[] }
    | { readonly kind: "filter"; readonly name: string; readonly set: Node; readonly test: Node }
    | { readonly kind: "map"; readonly bounds: readonly Bound[]; readonly of: Node }
    | { readonly kind: "function"; readonly name: string; readonly set: Node; readonly body: Node }
    | { readonly kind: "record" | "records"; readonly fields: readonly Field[] }
    | { readonly kind: "except"; readonly f: Node; readonly updates: readonly Update[] }
    | { readonly kind: "former" }
  );

export interface Field {
  readonly name: string;
  readonly value: Node;
}

export interface Arm {
  /** Null for OTHER. */
  readonly test: Node | null;
  readonly value: Node;
}

export interface Definition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: Node;
}

/** The parts of a node that are nodes, in the order of the text. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "literal":
    case "former":
      return [];
    case "name":
      return node.operands;
    case "apply":
      return [node.f, ...node.operands];
    case "field":
      return [node.record];
    case "prime":
    case "not":
    case "negative":
    case "domain":
    case "unchanged":
      return [node.of];
    case "and":
    case "or":
    case "set":
    case "tuple":
      return node.parts;
    case "binary":
      return [node.left, node.right];
    case "if":
      return [node.test, node.yes, node.no];
    case "case":
      return node.arms.flatMap(({ test, value }) => (test === null ? [value] : [test, value]));
    case "let":
      return [...node.definitions.map(({ body }) => body), node.body];
    case "forAll":
    case "exists":
      return [...node.bounds.map(({ set }) => set), node.body];
    case "filter":
      return [node.set, node.test];
    case "map":
      return [node.of, ...node.bounds.map(({ set }) => set)];
    case "function":
      return [node.set, node.body];
    case "record":
    case "records":
      return node.fields.map(({ value }) => value);
    case "except":
      return [node.f, ...node.updates.flatMap(({ path, value }) => [...path, value])];
  }
}

/** Whether something in the node is primed, or unchanged: it speaks of the state after a step. */
export function isPrimed(node: Node): boolean {
  if (node.kind === "prime" || node.kind === "unchanged") return true;
  return partsOf(node).some(isPrimed);
}

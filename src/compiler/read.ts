/** From SANY's XML (tla2sany.xml.XMLExporter) to the intermediate form. */
import type { Place } from "../engine/errors.ts";
import { child, need, numberOf, parseElements, type XmlElement } from "./elements.ts";
import type {
  Argument,
  Bound,
  Declaration,
  Definition,
  Expression,
  Id,
  Operator,
  Parameter,
  SpecTree,
} from "./tree.ts";

const NOWHERE: Place = { module: "?", line: 0, column: 0 };

function placeOf(element: XmlElement): Place {
  const location = child(element, "location");
  if (location === undefined) return NOWHERE;
  return {
    module: need(location, "filename").text,
    line: numberOf(need(location, "line"), "begin"),
    column: numberOf(need(location, "column"), "begin"),
  };
}

/** The children that are not about where the element stands. */
function contents(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((each) => each.name !== "location" && each.name !== "level");
}

function only(element: XmlElement): XmlElement {
  const first = contents(element)[0];
  if (first === undefined) throw new Error(`SANY's XML has an empty <${element.name}>.`);
  return first;
}

/** Reads the text that SANY's exporter writes. Throws where it is not as SANY writes it. */
export function readSpec(xml: string): SpecTree {
  return new SpecReader(parseElements(xml)).read();
}

class SpecReader {
  readonly #root: XmlElement;
  readonly #entries = new Map<Id, XmlElement>();

  constructor(root: XmlElement) {
    this.#root = root;
    for (const entry of need(root, "context").children) {
      const node = entry.children.find((each) => each.name !== "UID");
      if (node !== undefined) this.#entries.set(numberOf(entry, "UID"), node);
    }
  }

  read(): SpecTree {
    const rootModule = need(this.#root, "RootModule").text;
    const definitions = new Map<Id, Definition>();
    const declarations = new Map<Id, Declaration>();
    const parameters = new Map<Id, Parameter>();
    let module: XmlElement | undefined;
    for (const [id, node] of this.#entries) {
      if (node.name === "UserDefinedOpKind") definitions.set(id, this.#definition(id, node));
      if (node.name === "OpDeclNode") declarations.set(id, declaration(id, node));
      if (node.name === "FormalParamNode") parameters.set(id, parameter(id, node));
      if (node.name === "ModuleNode" && need(node, "uniquename").text === rootModule) module = node;
    }
    if (module === undefined) throw new Error(`SANY's XML lacks the module ${rootModule}.`);
    const parts = contents(module);
    const idsOf = (name: string): Id[] =>
      parts.filter((part) => part.name === name).map((part) => numberOf(part, "UID"));
    return {
      rootModule,
      definitions,
      declarations,
      parameters,
      rootDeclarations: idsOf("OpDeclNodeRef"),
      rootDefinitions: idsOf("UserDefinedOpKindRef"),
      assumptions: idsOf("AssumeNodeRef").map((id) => this.#assumption(id)),
    };
  }

  #assumption(id: Id): Expression {
    const node = this.#entry(id);
    const body = only(need(node, "body"));
    return this.#expression(body);
  }

  #entry(id: Id): XmlElement {
    const node = this.#entries.get(id);
    if (node === undefined) throw new Error(`SANY's XML lacks the entry ${id}.`);
    return node;
  }

  #definition(id: Id, node: XmlElement): Definition {
    const parameters = child(node, "params")?.children ?? [];
    return {
      id,
      name: need(node, "uniquename").text,
      place: placeOf(node),
      parameters: parameters.map((each) => numberOf(need(each, "FormalParamNodeRef"), "UID")),
      body: this.#expression(only(need(node, "body"))),
      isRecursive: child(node, "recursive") !== undefined,
    };
  }

  #expression(node: XmlElement): Expression {
    const place = placeOf(node);
    switch (node.name) {
      case "NumeralNode":
        return { kind: "number", place, value: numberOf(node, "IntValue") };
      case "StringNode":
        return {
          kind: "string",
          place,
          // OTHER of a CASE is "$Other", without an element of its own.
          value: (child(node, "StringValue") ?? node).text,
        };
      case "AtNode":
        return { kind: "at", place };
      case "LabelNode":
        return this.#expression(only(need(node, "body")));
      case "LetInNode":
        return this.#let(node, place);
      case "SubstInNode":
      case "APSubstInNode":
        return this.#instantiated(node, place);
      case "OpApplNode":
        return this.#application(node, place);
      case "AssumeDefRef":
      case "TheoremDefRef":
        return this.#named(node, place);
      default:
        return { kind: "unsupported", place, what: node.name };
    }
  }

  /** A name given to an assumption or a theorem stands for what it says. */
  #named(node: XmlElement, place: Place): Expression {
    const target = this.#entry(numberOf(node, "UID"));
    const body = contents(target).find((each) => each.name !== "uniquename");
    if (body === undefined) return { kind: "unsupported", place, what: target.name };
    return this.#expression(body.name === "body" ? only(body) : body);
  }

  #let(node: XmlElement, place: Place): Expression {
    const definitions = need(node, "opDefs").children;
    const strange = definitions.find((each) => each.name !== "UserDefinedOpKindRef");
    if (strange !== undefined && strange.name !== "ModuleInstanceKindRef") {
      return { kind: "unsupported", place, what: `LET ${strange.name}` };
    }
    return {
      kind: "let",
      place,
      definitions: definitions
        .filter((each) => each.name === "UserDefinedOpKindRef")
        .map((each) => numberOf(each, "UID")),
      body: this.#expression(only(need(node, "body"))),
    };
  }

  #instantiated(node: XmlElement, place: Place): Expression {
    return {
      kind: "instantiated",
      place,
      substitutions: need(node, "substs").children.map((each) => ({
        declaration: numberOf(need(each, "OpDeclNodeRef"), "UID"),
        argument: this.#argument(each.children[1] ?? each),
      })),
      body: this.#expression(only(need(node, "body"))),
    };
  }

  #application(node: XmlElement, place: Place): Expression {
    const operator = this.#operator(only(need(node, "operator")));
    if (operator === null) {
      return { kind: "unsupported", place, what: only(need(node, "operator")).name };
    }
    return {
      kind: "apply",
      place,
      operator,
      operands: need(node, "operands").children.map((each) => this.#argument(each)),
      bounds: (child(node, "boundSymbols")?.children ?? []).map((each) => this.#bound(each)),
    };
  }

  #bound(node: XmlElement): Bound {
    const parts = contents(node);
    const domain = parts.find(
      (part) => part.name !== "FormalParamNodeRef" && part.name !== "tuple",
    );
    return {
      parameters: parts
        .filter((part) => part.name === "FormalParamNodeRef")
        .map((part) => numberOf(part, "UID")),
      isTuple: parts.some((part) => part.name === "tuple"),
      domain: domain === undefined ? null : this.#expression(domain),
    };
  }

  #argument(node: XmlElement): Argument {
    if (node.name !== "OpArgNode") return this.#expression(node);
    const place = placeOf(node);
    const operator = this.#operator(only(need(node, "argument")));
    if (operator === null) return { kind: "unsupported", place, what: "operator argument" };
    return { kind: "operator", place, operator };
  }

  #operator(node: XmlElement): Operator | null {
    const id = numberOf(node, "UID");
    switch (node.name) {
      case "BuiltInKindRef":
        return { kind: "builtin", name: need(this.#entry(id), "uniquename").text };
      case "UserDefinedOpKindRef":
        return { kind: "definition", id };
      case "OpDeclNodeRef":
        return { kind: "declaration", id };
      case "FormalParamNodeRef":
        return { kind: "parameter", id };
      default:
        return null;
    }
  }
}

function declaration(id: Id, node: XmlElement): Declaration {
  return {
    id,
    name: need(node, "uniquename").text,
    place: placeOf(node),
    kind: numberOf(node, "kind") === 3 ? "variable" : "constant",
    arity: numberOf(node, "arity"),
  };
}

function parameter(id: Id, node: XmlElement): Parameter {
  return { id, name: need(node, "uniquename").text, arity: numberOf(node, "arity") };
}

/** XML as SANY writes it: elements with text or children, no attributes. */
import { SaxesParser } from "saxes";

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Growing {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** The root element; throws where the text is not well-formed XML. */
export function parseElements(xml: string): XmlElement {
  const parser = new SaxesParser();
  const top: Growing = { name: "", children: [], text: "" };
  const open: Growing[] = [top];
  parser.on("opentag", (tag) => {
    const element: Growing = { name: tag.name, children: [], text: "" };
    open[open.length - 1]?.children.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const last = open[open.length - 1];
    if (last !== undefined && last !== top) last.text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.on("error", (error) => {
    throw new Error(`SANY's XML cannot be read: ${error.message}`);
  });
  parser.write(xml).close();
  const root = top.children[0];
  if (root === undefined) throw new Error("SANY's XML is empty.");
  return root;
}

/** The first child of a name, or undefined. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

/** The first child of a name, which must be there. */
export function need(element: XmlElement, name: string): XmlElement {
  const found = child(element, name);
  if (found === undefined) throw new Error(`SANY's XML lacks <${name}> in <${element.name}>.`);
  return found;
}

/** The number in the child of a name. */
export function numberOf(element: XmlElement, name: string): number {
  return Number(need(element, name).text);
}

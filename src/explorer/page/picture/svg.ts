/** SVG as text, that any program draws alike: no style sheet, no script, no halo around letters. */

type Attributes = Readonly<Record<string, string | number | null>>;

/** An element; attributes that are null are left out. Text is given by `text`. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escaped(shortened(value ?? ""))}"`)
    .join("");
  return children.length === 0
    ? `<${name}${given}/>`
    : `<${name}${given}>${children.join("")}</${name}>`;
}

/** Letters at a place, in the middle of it unless it is said otherwise. */
export function text(words: string, x: number, y: number, attributes: Attributes = {}): string {
  const all = { x, y, "text-anchor": "middle", "font-size": 13, fill: INK, ...attributes };
  return element("text", all, escaped(words));
}

export const INK = "#1b1c20";
export const SOFT = "#565962";
export const LINE = "#c9c6bd";
export const BAD = "#b0221a";
export const GOOD = "#13683f";
export const WHITE = "#ffffff";

/** By term, as on the page in light. */
const TERMS = [
  "#6a6d76",
  "#0067a6",
  "#a34f00",
  "#00694a",
  "#8b3a6d",
  "#6a5b00",
  "#2f3f9e",
  "#9a3030",
] as const;
const TINT = 0.17;

export function colourOf(term: number): string {
  return TERMS[term % TERMS.length] ?? SOFT;
}

/** The same, pale: what is behind letters. */
export function paleColourOf(term: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colourOf(term).slice(at, at + 2), 16));
  const pale = parts.map((part) => Math.round(255 - TINT * (255 - part)));
  return `#${pale.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function shortened(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** What XML can hold, whatever a command of a strange trace may hold. */
export function escaped(words: string): string {
  return words
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);
}

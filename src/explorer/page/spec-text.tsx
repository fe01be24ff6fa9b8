/** A definition of the spec, each of its conjuncts with its truth and its values. */
import type { ComponentChildren } from "preact";
import type { Explained, Mark } from "../model/explain.ts";
import type { Node } from "../tla/tree.ts";

const KEYWORD =
  /(\\\*[^\n]*)|("[^"]*")|\b(LET|IN|IF|THEN|ELSE|CASE|OTHER|EXCEPT|UNCHANGED|DOMAIN|TRUE|FALSE)\b/g;

export function SpecText({ explained }: { readonly explained: Explained }) {
  const { text } = explained.excerpt;
  const marks = [...explained.marks].sort(([a], [b]) => a.start - b.start);
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const [node, mark] of marks) {
    if (node.start < at) continue;
    parts.push(...highlighted(text.slice(at, node.start), at));
    parts.push(<Conjunct key={node.start} node={node} mark={mark} text={text} />);
    at = node.end;
  }
  parts.push(...highlighted(text.slice(at), at));
  return (
    <pre class="text" role="region" tabindex={0} aria-label="The action in the specification">
      {parts}
    </pre>
  );
}

interface Props {
  readonly node: Node;
  readonly mark: Mark;
  readonly text: string;
}

function Conjunct({ node, mark, text }: Props) {
  const { truth, kind, note } = mark;
  const name = truth === null ? "unasked" : kind === "effect" ? "effect" : String(truth);
  return (
    <span class={`conjunct ${name}`}>
      {highlighted(text.slice(node.start, node.end), node.start)}
      <Chip mark={mark} note={note} />
    </span>
  );
}

function Chip({ mark, note }: { readonly mark: Mark; readonly note: string }) {
  const { truth, kind } = mark;
  if (truth === null) return null;
  if (kind === "effect" && truth) {
    return note === "" ? null : <span class="chip effect">{note}</span>;
  }
  return (
    <span class={`chip ${truth}`}>
      {truth ? "✓" : "✗"}
      <span class="hidden">{truth ? " true" : " false"}</span> {note}
    </span>
  );
}

/** Text with its comments, strings and keywords told apart. */
export function highlighted(
  text: string,
  key: number,
  pattern: RegExp = KEYWORD,
): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(at, match.index));
    const kind = match[1] !== undefined ? "comment" : match[2] !== undefined ? "string" : "keyword";
    parts.push(
      <span class={kind} key={`${key}-${match.index}`}>
        {match[0]}
      </span>,
    );
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts;
}

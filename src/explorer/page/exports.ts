/** What can be taken away from the page: a trace, a test, a picture. */

import { VARIABLES } from "../../trace/format.ts";
import { traceText } from "../../trace/writer.ts";
import { RecordedPath } from "../model/recorded.ts";
import { frameOf } from "../model/session.ts";
import { testText } from "../model/test-text.ts";
import { linkOfPage } from "./address.ts";
import { store } from "./store.ts";
import { sources } from "./texts.ts";

/** The execution up to where one is, as the checker reads it. */
export function exportTrace(): void {
  const { session } = store.state;
  const { path, position, spec } = session;
  const events = Array.from({ length: position }, (_, i) => path.stepAt(i + 1)).flatMap((step) =>
    step === null ? [] : [step.event],
  );
  const { forgotten } = frameOf(session);
  const link = linkOfPage();
  const header =
    path instanceof RecordedPath
      ? path.trace.header
      : {
          servers: spec.servers,
          variables: VARIABLES,
          implementation: { name: "lockstep-raft, in the explorer", version: sources.version },
          ...(forgotten === null ? {} : { note: `without ${forgotten.rule}` }),
          ...(link === null ? {} : { replay: `lockstep explore, #${link}`.slice(0, 2000) }),
        };
  const { format: _format, version: _version, ...fields } = { format: "", version: 1, ...header };
  save("execution.ndjson", "application/x-ndjson", traceText(fields, events));
}

/** The same as a test of the implementation. */
export function exportTest(): void {
  const { session } = store.state;
  const text = testText(session.path, session.position, session.spec.servers);
  save("execution.test.ts", "text/plain", text);
}

/** The stage and the space-time diagram as one picture, its colours as they are now. */
export function exportSvg(): void {
  const parts = [".stage", ".space-time"].flatMap((selector) => {
    const svg = document.querySelector<SVGSVGElement>(selector);
    return svg === null ? [] : [svg];
  });
  let y = 0;
  let width = 0;
  const body = parts.map((svg) => {
    const box = svg.viewBox.baseVal;
    const copy = withStyles(svg);
    copy.setAttribute("x", "0");
    copy.setAttribute("y", String(y));
    copy.setAttribute("width", String(box.width));
    copy.setAttribute("height", String(box.height));
    y += box.height + 8;
    width = Math.max(width, box.width);
    return new XMLSerializer().serializeToString(copy);
  });
  const ground = getComputedStyle(document.body).backgroundColor;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="sans-serif"><rect width="100%" height="100%" fill="${ground}"/>${body.join("")}</svg>\n`;
  save("execution.svg", "image/svg+xml", picture);
}

const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
  "transform",
] as const;

/** A copy whose parts carry the styles that a style sheet gives them here. */
function withStyles(svg: SVGSVGElement): Element {
  const copy = svg.cloneNode(true) as Element;
  const originals = [...svg.querySelectorAll("*")];
  for (const [i, part] of [...copy.querySelectorAll("*")].entries()) {
    const original = originals[i];
    if (original === undefined) continue;
    const computed = getComputedStyle(original);
    const style = STYLES.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(";");
    part.setAttribute("style", style);
  }
  return copy;
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  store.set({ note: `${name} is saved.` });
}

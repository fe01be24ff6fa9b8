/** What can be taken away from the page: a trace, a test, a picture. */

import { VARIABLES } from "../../trace/format.ts";
import { traceText } from "../../trace/writer.ts";
import { RecordedPath } from "../model/recorded.ts";
import { frameOf } from "../model/session.ts";
import { testText } from "../model/test-text.ts";
import { linkOfPage } from "./address.ts";
import { pictureOf } from "./picture/picture.ts";
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

/** The moment as a picture, for a paper or a slide. */
export function exportSvg(): void {
  save("execution.svg", "image/svg+xml", pictureOf(store.state.session));
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

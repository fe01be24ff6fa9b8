/** Traces from files: dropped on the page, picked, or put into it when it was made. */
import { counted } from "../../trace/counted.ts";
import { RecordedPath } from "../model/recorded.ts";
import { type NamedText, readTraceFiles, traceOf } from "../model/trace-files.ts";
import { store } from "./store.ts";

/** Opens one trace; or the files of the servers of one execution, merged. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const texts: NamedText[] = [];
  for (const file of files) {
    const text = textIn(await file.arrayBuffer());
    if (text === null) {
      const what = "It is no text, and a trace is: a line of JSON for each step of each server";
      store.set({ note: `${file.name}: ${what} (spec/TRACE.md). Open another file.` });
      return;
    }
    texts.push({ name: file.name, text });
  }
  openTexts(texts);
}

/** Null where the bytes are no text in UTF-8. */
function textIn(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** Opens the texts of traces, and goes to where they diverge from the spec. */
export function openTexts(texts: readonly NamedText[]): void {
  const read = readTraceFiles(texts);
  const trace = traceOf(read);
  const fault = read.find((each) => each.fault !== null)?.fault ?? null;
  if (typeof trace === "string" || trace.events.length === 0) {
    store.set({
      note: typeof trace === "string" ? trace : (fault?.message ?? "It has no events."),
    });
    return;
  }
  const path = new RecordedPath(trace);
  const [firstFall] = [...path.fallenAt(path.length - 1).values()];
  const position = path.divergesAt ?? firstFall ?? 0;
  store.show(
    { spec: path.spec, path, position, branches: [] },
    {
      recorded: { name: trace.name, note: outcome(path, firstFall) },
      note: fault === null ? null : `${fault.message}. What comes before is shown.`,
      said: `${trace.name}: ${outcome(path, firstFall)}`,
    },
  );
}

function outcome(path: RecordedPath, firstFall: number | undefined): string {
  const steps = counted(path.trace.events.length, "step");
  if (path.divergesAt !== null) {
    const rest =
      path.eventsLeftOut === 0
        ? ""
        : `; ${counted(path.eventsLeftOut, "step")} after it are left out`;
    return `${steps}; the spec does not allow step ${path.divergesAt}${rest}.`;
  }
  if (firstFall !== undefined)
    return `${steps}, all of the spec’s actions; a property falls at step ${firstFall}.`;
  return `${steps}, every one a step of the spec, and every property holds.`;
}

/** Lets files be dropped anywhere on the page. */
export function acceptDrops(): void {
  const root = document.documentElement;
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("dropping");
  });
  root.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) root.classList.remove("dropping");
  });
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) void openFiles(files);
  });
}

/** What `lockstep explore TRACE...` put into the page. */
export function openEmbedded(): boolean {
  const text = document.getElementById("trace")?.textContent ?? "";
  if (text === "") return false;
  openTexts(JSON.parse(text) as readonly NamedText[]);
  return true;
}

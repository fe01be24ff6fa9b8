/** Traces from files: dropped on the page, picked, or put into it when it was made. */
import type { MalformedTrace } from "../../../trace-check/loaded.ts";
import { counted } from "../../trace/counted.ts";
import { TraceFormatError } from "../../trace/error.ts";
import { RecordedPath } from "../model/recorded.ts";
import { type NamedText, readTraceFiles } from "../model/trace-files.ts";
import { textOfTrace } from "../model/trace-text.ts";
import { store } from "./store.ts";

/** Opens one trace; or the files of the servers of one execution, merged. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const texts: NamedText[] = [];
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
      texts.push({ name: file.name, text: textOfTrace(file.name, bytes) });
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      store.set({ note: error.message });
      return;
    }
  }
  openTexts(texts);
}

/** Opens the texts of traces, and goes to where they diverge from the spec. */
export function openTexts(texts: readonly NamedText[]): void {
  const { trace, malformed } = readTraceFiles(texts);
  if (typeof trace === "string") {
    store.set({ note: trace });
    return;
  }
  const path = new RecordedPath(trace);
  const [firstFall] = [...path.fallenAt(path.length - 1).values()];
  const position = path.divergesAt ?? firstFall ?? 0;
  store.show(
    { spec: path.spec, path, position, branches: [] },
    {
      recorded: { name: trace.name, note: outcome(path, firstFall) },
      note: noteOn(malformed),
      said: `${trace.name}: ${outcome(path, firstFall)}`,
    },
  );
}

/** Where files end early. */
function noteOn(malformed: readonly MalformedTrace[]): string | null {
  if (malformed.length === 0) return null;
  return `${malformed.map(({ message }) => `${message}.`).join(" ")} What comes before is shown.`;
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

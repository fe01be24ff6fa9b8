import type { TraceEvent, TraceHeader } from "../src/trace/format.ts";
import { lineOfEvent, type Trace } from "../src/trace/reader.ts";
import { sameServers } from "../src/trace/same-servers.ts";
import type { LoadedTrace, MalformedTrace, Place } from "./loaded.ts";

/** What became of the files of one execution. */
export type Merged =
  | { readonly kind: "merged"; readonly loaded: LoadedTrace; readonly notes: readonly string[] }
  | { readonly kind: "malformed"; readonly malformed: MalformedTrace };

/** One event of the merged trace: which file, and the event's place in it. */
interface Step {
  readonly file: number;
  readonly place: number;
}

/** Whether the file is one of several that together are an execution. */
export function isOfExecution(header: TraceHeader): boolean {
  return header.server !== undefined && header.execution !== undefined;
}

/**
 * Joins the files of one execution, each written by one server, into one order of all
 * events: within a server by `seq`, and a receipt after its send. Of several events that may
 * come next, the one of the server named first in the header comes first, so that the order
 * is always the same. A receipt that no order satisfies comes where nothing else is left.
 *
 * A server's file may be missing as long as nobody received a message of that server.
 */
export function merge(execution: string, files: readonly Trace[]): Merged {
  const first = files[0];
  if (first === undefined) throw new RangeError(`execution ${execution} has no files`);
  const { servers } = first.header;
  const fault = disagreement(execution, files, servers) ?? missingSender(execution, files, servers);
  if (fault !== undefined) return { kind: "malformed", malformed: fault };

  if (files.every((file) => file.events.length === 0)) {
    return {
      kind: "malformed",
      malformed: headerFault(first.file, "", `execution ${execution} has no events. Record some`),
    };
  }
  const ordered = servers.flatMap((server) =>
    files.filter((file) => file.header.server === server),
  );
  const steps = orderByCause(ordered);
  const notes = notesOnMissing(
    execution,
    files.map(({ header }) => header),
  );
  return { kind: "merged", loaded: loadedOf(execution, ordered, steps), notes };
}

/** What an execution is called where a trace has a name. */
export function nameOfExecution(execution: string): string {
  return `execution ${execution}`;
}

/** A note for each server of which an execution that can be merged has no file. */
export function notesOnMissing(
  execution: string,
  headers: readonly TraceHeader[],
): readonly string[] {
  const servers = headers[0]?.servers ?? [];
  const missing = servers.filter((server) => !headers.some((header) => header.server === server));
  return missing.map(
    (server) => `execution ${execution}: there is no file of ${server}; nobody heard of it`,
  );
}

function loadedOf(execution: string, files: readonly Trace[], steps: readonly Step[]): LoadedTrace {
  const [first] = files;
  if (first === undefined) throw new RangeError(`execution ${execution} has no files`);
  const events = steps.flatMap(({ file, place }) => files[file]?.events[place] ?? []);
  return {
    trace: {
      name: nameOfExecution(execution),
      header: first.header,
      events,
      loggedBy: new Map(files.map(({ header }) => [header.server ?? "", header.variables])),
    },
    placeOf: (event) => placeOf(steps[event], files),
  };
}

function placeOf(step: Step | undefined, files: readonly Trace[]): Place {
  const file = step === undefined ? undefined : files[step.file];
  if (step === undefined || file === undefined) throw new RangeError("there is no such event");
  return { file: file.file, line: lineOfEvent(step.place) };
}

/** Two files of the same server, or files that do not agree on the cluster. */
function disagreement(
  execution: string,
  files: readonly Trace[],
  servers: readonly string[],
): MalformedTrace | undefined {
  const fileOf = new Map<string, string>();
  for (const { file, header } of files) {
    const server = header.server ?? "";
    const other = fileOf.get(server);
    if (other !== undefined) {
      return headerFault(
        file,
        "server",
        `${other} is of server ${server} in execution ${execution} too. Remove one of them`,
      );
    }
    fileOf.set(server, file);
    if (!sameServers(header.servers, servers)) {
      return headerFault(
        file,
        "servers",
        `the cluster of execution ${execution} is ${servers.join(", ")} in ${files[0]?.file}. ` +
          "Give every file of an execution the same servers",
      );
    }
  }
  return undefined;
}

function headerFault(file: string, field: string, message: string): MalformedTrace {
  return {
    file,
    line: 1,
    field,
    message: `${file}:1: ${field === "" ? "" : `${field}: `}${message}.`,
  };
}

/** A receipt from a server whose file is missing. */
function missingSender(
  execution: string,
  files: readonly Trace[],
  servers: readonly string[],
): MalformedTrace | undefined {
  const present = new Set(files.map((file) => file.header.server));
  const missing = servers.filter((server) => !present.has(server));
  if (missing.length === 0) return undefined;
  for (const { file, events } of files) {
    for (const [place, event] of events.entries()) {
      const sender = event.received === undefined ? undefined : senderOf(event.received);
      if (sender === undefined || !missing.includes(sender)) continue;
      const line = lineOfEvent(place);
      return {
        file,
        line,
        field: "received",
        message:
          `${file}:${line}: received: ${event.received} was sent by ${sender}, and there is no file ` +
          `of ${sender} in execution ${execution} that can be read. Add that file, or mend what is said of it.`,
      };
    }
  }
  return undefined;
}

/** The server of an id `server:seq:k`; its name may hold colons itself. */
export function senderOf(id: string): string {
  return id.split(":").slice(0, -2).join(":");
}

function orderByCause(files: readonly Trace[]): readonly Step[] {
  const sentSomewhere = new Set(files.flatMap((file) => file.events.flatMap(idsSent)));
  const sent = new Set<string>();
  const next = files.map(() => 0);
  const steps: Step[] = [];
  const isReady = (event: TraceEvent) =>
    event.received === undefined || sent.has(event.received) || !sentSomewhere.has(event.received);
  const take = (file: number, event: TraceEvent) => {
    const place = next[file] ?? 0;
    next[file] = place + 1;
    steps.push({ file, place });
    for (const id of idsSent(event)) sent.add(id);
  };
  for (;;) {
    let waiting: { readonly file: number; readonly event: TraceEvent } | undefined;
    let taken = false;
    for (const [file, { events }] of files.entries()) {
      const event = events[next[file] ?? 0];
      if (event === undefined) continue;
      if (isReady(event)) {
        take(file, event);
        taken = true;
        break;
      }
      waiting ??= { file, event };
    }
    if (taken) continue;
    if (waiting === undefined) return steps;
    take(waiting.file, waiting.event);
  }
}

function idsSent(event: TraceEvent): readonly string[] {
  return (event.sent ?? []).map((message) => message.id);
}

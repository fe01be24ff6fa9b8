import { FormFault } from "./error.ts";
import { SERVER_NAME, TRACE_FORMAT, TRACE_VERSION, type TraceHeader, VARIABLES } from "./format.ts";
import {
  asObject,
  type Check,
  checkElements,
  checkShape,
  type KeyCount,
  oneOf,
  type Shape,
  shape,
  text,
  told,
} from "./shape.ts";
import { suggestion } from "./suggest.ts";

const implementationShape: Shape<KeyCount> = shape<KeyCount>(
  "the implementation",
  { name: text("a name"), version: text("a version") },
  ["name", "version"],
);

const serverName: Check<unknown> = (value) => {
  if (typeof value === "string" && SERVER_NAME.test(value)) return;
  throw new FormFault(
    "",
    `${told(value)} is not the name of a server`,
    "Write 1 to 64 letters, digits and . _ : @ / -, of which the first is a letter or digit",
  );
};

const variableName: Check<unknown> = (value) => oneOf(value, VARIABLES, "a variable");

const headerShape: Shape<KeyCount> = shape<KeyCount>(
  "the header",
  {
    format: () => {},
    version: () => {},
    servers: (value, form) => checkNames(value, "servers", serverName, form, 1),
    variables: (value, form) => checkNames(value, "variables", variableName, form, 0),
    implementation: (value, form) => checkShape(value, implementationShape, form),
    server: serverName,
    execution: nonEmptyText,
    seed: (value) => {
      if (Number.isSafeInteger(value)) return;
      throw new FormFault("", `${told(value)} is not an integer`, "Write the seed as an integer");
    },
    replay: text("a command"),
    note: text("a note"),
  },
  ["format", "version", "servers", "variables", "implementation"],
);

/**
 * Checks the first line of a trace, parsed. Throws a FormFault.
 *
 * @returns the same value, known to be a header of this version
 */
export function checkHeader(value: unknown, form: KeyCount): TraceHeader {
  checkFormat(asObject(value, "the header"));
  checkShape(value, headerShape, form);
  const header = value as TraceHeader;
  if ((header.server === undefined) !== (header.execution === undefined)) {
    throw new FormFault(
      header.server === undefined ? "server" : "execution",
      "server and execution come together or not at all",
      "Where each server writes a file of its own, name both; where one file has all servers, neither",
    );
  }
  if (header.server !== undefined && !header.servers.includes(header.server)) {
    throw new FormFault(
      "server",
      `${told(header.server)} is not of the cluster${suggestion(header.server, header.servers)}`,
      `Name one of the header's servers: ${header.servers.join(", ")}`,
    );
  }
  return header;
}

function checkFormat(header: Readonly<Record<string, unknown>>): void {
  if (header.format === undefined) {
    throw new FormFault(
      "format",
      header.action === undefined ? "the field is missing" : "the trace begins without a header",
      `Begin the file with a line that has "format":"${TRACE_FORMAT}","version":${TRACE_VERSION}; see spec/TRACE.md`,
    );
  }
  if (header.format !== TRACE_FORMAT) {
    throw new FormFault(
      "format",
      `${told(header.format)} is not a trace of Raft`,
      `Give a file whose header has "format":"${TRACE_FORMAT}"`,
    );
  }
  if (header.version !== TRACE_VERSION) {
    throw new FormFault(
      "version",
      `version ${told(header.version)} is not known, this reads version ${TRACE_VERSION}`,
      `Write version ${TRACE_VERSION}, or use the release of Lockstep that introduced the other`,
    );
  }
}

function nonEmptyText(value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new FormFault("", `${told(value)} is not a name`, "Write a string that is not empty");
}

/** A list of names, each once. */
function checkNames(
  value: unknown,
  what: string,
  check: Check<unknown>,
  form: KeyCount,
  least: number,
): void {
  const names = checkElements(value, what, check, form);
  if (names.length < least) {
    throw new FormFault("", "the list is empty", `List all ${what} of the cluster`);
  }
  const seen = new Set<unknown>();
  for (let place = 0; place < names.length; place++) {
    if (seen.has(names[place])) {
      throw new FormFault(`[${place}]`, `${told(names[place])} is listed twice`, "List each once");
    }
    seen.add(names[place]);
  }
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ACTIONS, MAX_LINE_BYTES, parseTrace, VARIABLES } from "../../src/trace/index.ts";

const spec = fileURLToPath(new URL("../../spec/", import.meta.url));
const document = readFileSync(join(spec, "TRACE.md"), "utf8");
const schema: unknown = JSON.parse(readFileSync(join(spec, "trace.schema.json"), "utf8"));
if (typeof schema !== "object" || schema === null) throw new Error("the schema is no object");
const isLineBySchema = new Ajv2020({ strict: true }).compile(schema);

function blocks(language: string): readonly string[] {
  const fences = document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"));
  return [...fences].map(([, block = ""]) => block);
}

const exampleLines = blocks("ndjson").flatMap((block) => block.trimEnd().split("\n"));

const filesUnderExamples = readdirSync(join(spec, "examples"), {
  recursive: true,
  encoding: "utf8",
})
  .filter((name) => name.endsWith(".ndjson"))
  .map((name) => join(spec, "examples", name));

/** The text under a heading, up to the next one. */
function section(heading: string): string {
  const [, after = ""] = document.split(`### ${heading}\n`);
  return after.split(/^##/m)[0] ?? "";
}

describe("spec/TRACE.md", () => {
  test("shows only lines of the worked executions, which the reader and the schema take", () => {
    const lines = new Set<string>();
    for (const path of filesUnderExamples) {
      const content = readFileSync(path, "utf8");
      parseTrace(content, path);
      for (const line of content.trimEnd().split("\n")) lines.add(line);
    }
    expect(exampleLines.length).toBeGreaterThan(15);
    for (const line of exampleLines) {
      expect(lines.has(line), line).toBe(true);
      expect(isLineBySchema(JSON.parse(line)), line).toBe(true);
    }
  });

  test.each(ACTIONS)("has a section for %s, with an example of it", (action) => {
    const examples = section(action).match(/^\{"server".*$/gm) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const line of examples) expect(JSON.parse(line)).toMatchObject({ action });
  });

  test("names what in the spec allows each difference that is allowed as it is", () => {
    const [, after = ""] = document.split("**Allowed as it is.**");
    const [table = ""] = after.split("**To be mapped by the logger.**");
    const rows = table.match(/^\| .* \|$/gm)?.slice(1) ?? [];
    const modules = readdirSync(spec).filter((name) => name.endsWith(".tla"));
    const source = modules.map((name) => readFileSync(join(spec, name), "utf8")).join("\n");
    expect(rows.length).toBeGreaterThan(8);
    for (const row of rows) {
      const names = [...(row.split("|").at(-2) ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name);
      for (const name of names) {
        expect(source, row).toMatch(new RegExp(`^${name}(\\([^)]*\\))? ==`, "m"));
      }
    }
  });

  test("shows every message", () => {
    const shown = exampleLines.join("\n");
    for (const type of ["RequestVoteRequest", "RequestVoteResponse", "AppendEntriesRequest"]) {
      expect(shown).toContain(`"type":"${type}"`);
    }
    expect(shown).toContain('"success":true,"matchIndex"');
    expect(shown).toContain('"success":false,"prevLogIndex"');
    expect(shown).toContain('"entries":[],');
  });

  test("names every variable in its table, and the limits as they are", () => {
    for (const variable of VARIABLES) expect(document).toContain(`\n| \`${variable}\` | `);
    expect(document).toContain(MAX_LINE_BYTES.toLocaleString("en-US"));
  });

  test("links only to what is there", () => {
    const headings = [...document.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...document.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(links.length).toBeGreaterThan(20);
    for (const link of links) {
      if (link.startsWith("#")) expect(headings, link).toContain(link.slice(1));
      else expect(statSync(join(spec, link)).size).toBeGreaterThan(0);
    }
  });
});

function hasGo(): boolean {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** One candidate's first step and a leader's, told by the logger of the document. */
const GO_MAIN = `package main

import (
	"os"

	"example/trace"
)

func main() {
	zero, one := uint64(0), uint64(1)
	command := "put x 1"
	log := trace.NewLogger(os.Stdout, "a", 0)
	check(log.Header([]string{"a", "b"}, []string{"currentTerm", "votedFor", "log", "role"}, "go", "1", "e"))
	check(log.Record(trace.Event{
		Action: "Timeout",
		Sent: []trace.Message{{Type: "RequestVoteRequest", From: "a", To: "b", Term: 1, LastLogIndex: &zero, LastLogTerm: &zero}},
		Changed: map[string]any{"currentTerm": 1, "votedFor": "a", "role": "Candidate"},
	}))
	check(log.Record(trace.Event{Action: "HandleRequestVoteResponse", Received: "b:1:1"}))
	check(log.Record(trace.Event{Action: "BecomeLeader", Changed: map[string]any{"role": "Leader"}}))
	check(log.Record(trace.Event{
		Action: "ClientRequest", Command: &command,
		Changed: map[string]any{"log": []any{1, []trace.Entry{{Term: 1, Command: &command}}}},
	}))
	check(log.Record(trace.Event{
		Action: "SendAppendEntries",
		Sent: []trace.Message{{Type: "AppendEntriesRequest", From: "a", To: "b", Term: 1, PrevLogIndex: &one, PrevLogTerm: &one, Entries: &[]trace.Entry{}, LeaderCommit: &zero}},
	}))
	check(log.Record(trace.Event{
		Action:  "Restart",
		Changed: map[string]any{"currentTerm": 1, "votedFor": nil, "log": []any{1, []trace.Entry{}}},
	}))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
`;

describe.skipIf(!hasGo())("the logger in Go of spec/TRACE.md (left out where Go is absent)", () => {
  test("compiles as it stands, and what it writes is a trace", () => {
    const folder = mkdtempSync(join(tmpdir(), "trace-go-"));
    try {
      const [logger = ""] = blocks("go");
      execFileSync("mkdir", [join(folder, "trace")]);
      writeFileSync(join(folder, "go.mod"), "module example\n\ngo 1.21\n");
      writeFileSync(join(folder, "trace", "trace.go"), logger);
      writeFileSync(join(folder, "main.go"), GO_MAIN);
      const env = { ...process.env, GOFLAGS: "-mod=mod", GOPROXY: "off", GOTOOLCHAIN: "local" };
      execFileSync("go", ["vet", "./..."], { cwd: folder, env });
      const written = execFileSync("go", ["run", "."], { cwd: folder, env });
      const { header, events } = parseTrace(written, "go");
      expect(header).toMatchObject({ server: "a", execution: "e" });
      expect(events.map(({ seq, action }) => `${seq} ${action}`)).toEqual([
        "1 Timeout",
        "2 HandleRequestVoteResponse",
        "3 BecomeLeader",
        "4 ClientRequest",
        "5 SendAppendEntries",
        "6 Restart",
      ]);
      for (const line of written.toString("utf8").trimEnd().split("\n")) {
        expect(isLineBySchema(JSON.parse(line)), line).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

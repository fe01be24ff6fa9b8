/** Folders in which one may not look: they are told, and the rest goes on. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listInputs } from "../../src/replay/inputs.ts";
import { listTraces } from "../../trace-check/read.ts";

const ELECTION = resolve(import.meta.dirname, "../../spec/examples/election.ndjson");
const NOBODY = 65_534;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-unreadable-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "locked"));
  copyFileSync(ELECTION, join(folder, "seen.ndjson"));
  symlinkSync("loop", join(folder, "loop"));
  chmodSync(join(folder, "locked"), 0o000);
});

afterEach(() => {
  chmodSync(join(folder, "locked"), 0o755);
  rmSync(folder, { recursive: true });
});

/** All that is given; where this is root, who may look everywhere, as nobody. */
async function asNobody<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    const given: T[] = [];
    for await (const each of all) given.push(each);
    return given;
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** Why it cannot be tried here; undefined where it can. */
async function whyNot(): Promise<string | undefined> {
  try {
    await asNobody(opened(folder));
    return undefined;
  } catch (error) {
    return `nobody else may look into ${folder}: ${String(error)}`;
  }
}

async function* opened(path: string): AsyncGenerator<string> {
  yield* await readdir(path);
}

test("a check tells of them, and takes the traces beside them", async ({ skip }) => {
  const why = await whyNot();
  if (why !== undefined) skip(why);
  expect(await asNobody(listTraces([folder, join(folder, "loop")]))).toMatchObject([
    {
      kind: "malformed",
      malformed: {
        file: join(folder, "locked"),
        message: expect.stringMatching(
          /locked: it cannot be read \(EACCES: permission denied\)\. /,
        ),
      },
    },
    { kind: "file", file: join(folder, "seen.ndjson") },
    { malformed: { message: expect.stringMatching(/loop: it cannot be read \(ELOOP: /) } },
  ]);
});

test("a replay does so, too", async ({ skip }) => {
  const why = await whyNot();
  if (why !== undefined) skip(why);
  expect(await asNobody(listInputs([folder, join(folder, "loop")]))).toMatchObject([
    {
      message: expect.stringContaining("locked: it cannot be read (EACCES). Check its permissions"),
    },
    { kind: "trace", file: join(folder, "seen.ndjson") },
    { message: expect.stringContaining("loop: it cannot be read (ELOOP)") },
  ]);
});

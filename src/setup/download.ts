/**
 * Downloads a file of a known SHA-256: into a part file that a later run goes on with, verified,
 * and only then given its name, so that a file under its name is always whole.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EnvironmentError } from "./environment-error.ts";

export interface Download {
  readonly url: string;
  /** Where the file is to be. */
  readonly file: string;
  readonly sha256: string;
  /** Told how far it is, now and then. */
  readonly onProgress?: (received: number, total: number | undefined) => void;
  /** How long the other side may be silent. */
  readonly stallMilliseconds?: number;
  /** The wait before the second attempt; it doubles with each. */
  readonly retryMilliseconds?: number;
}

const ATTEMPTS = 4;
const STALL_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 500;

/** An answer that asking again will not change. */
class FinalAnswer extends Error {}

/**
 * Fetches the file by HTTP; what an earlier run was cut off at is gone on with (a range request).
 * @throws EnvironmentError when it cannot be had, or is not the file that was meant.
 */
export async function download(wanted: Download): Promise<void> {
  await mkdir(dirname(wanted.file), { recursive: true });
  const part = await claimPart(wanted.file);
  try {
    await fetchWhole(wanted, part);
    await finish(wanted, part);
  } finally {
    // What there is of it is kept for the next run; after success there is nothing to keep.
    await rename(part, `${wanted.file}.part`).catch(() => undefined);
  }
}

/** Verifies a part that is whole, and gives it its name in one step. */
export async function finish(wanted: Download, part: string): Promise<void> {
  const actual = await sha256Of(part);
  if (actual !== wanted.sha256) {
    await rm(part, { force: true });
    throw new EnvironmentError(
      `${wanted.url} gave another file than expected: its SHA-256 is ${actual}, not ` +
        `${wanted.sha256}. It was thrown away. Something between here and there changes files: ` +
        "try again, or on another network.",
    );
  }
  await rename(part, wanted.file);
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

/**
 * A part file of this process alone, `NAME.PID.part`: made of what an earlier run left, be it
 * `NAME.part` or the part of a process that is no more. Renaming is what claims it, so two runs
 * at once never write to one file.
 */
export async function claimPart(file: string): Promise<string> {
  const own = `${file}.${process.pid}.part`;
  for (const left of await partsLeft(file)) {
    try {
      await rename(left, own);
      return own;
    } catch {
      // Another run was faster to claim it.
    }
  }
  return own;
}

async function partsLeft(file: string): Promise<string[]> {
  const name = basename(file);
  const left: string[] = [];
  for (const entry of await readdir(dirname(file))) {
    if (!entry.startsWith(`${name}.`) || !entry.endsWith(".part")) continue;
    const owner = entry.slice(name.length + 1, -".part".length);
    if (entry === `${name}.part` || (/^\d+$/.test(owner) && !isAlive(Number(owner)))) {
      left.push(join(dirname(file), entry));
    }
  }
  return left;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function fetchWhole(wanted: Download, part: string): Promise<void> {
  let wait = wanted.retryMilliseconds ?? RETRY_MILLISECONDS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fetchRest(wanted, part);
      return;
    } catch (error) {
      if (error instanceof FinalAnswer || attempt === ATTEMPTS) {
        throw new EnvironmentError(`${wanted.url} could not be fetched: ${reasonOf(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait *= 2;
    }
  }
}

/** One request: for what is missing yet, or for all of it where the server knows no ranges. */
async function fetchRest(wanted: Download, part: string): Promise<void> {
  const have = await sizeOf(part);
  const stall = new StallTimer(wanted.stallMilliseconds ?? STALL_MILLISECONDS);
  try {
    const headers = have > 0 ? { range: `bytes=${have}-` } : {};
    const response = await fetch(wanted.url, { headers, signal: stall.signal });
    if (response.status === 416) {
      // Nothing is missing, or what is there is not of this file: the SHA-256 will tell.
      if (have > 0 && rangeTotal(response) === have) return;
      await rm(part, { force: true });
      throw new Error("the server has less of the file than was fetched before");
    }
    if (!response.ok || response.body === null) refuse(response);
    const resumed = response.status === 206;
    await write(response.body, part, resumed ? have : 0, totalOf(response, have), wanted, stall);
  } finally {
    stall.stop();
  }
}

function refuse(response: Response): never {
  const text = `the server answered ${response.status} ${response.statusText}`.trim();
  const mayPass = response.status >= 500 || response.status === 429 || response.status === 408;
  throw mayPass ? new Error(text) : new FinalAnswer(text);
}

async function write(
  body: ReadableStream<Uint8Array>,
  part: string,
  from: number,
  total: number | undefined,
  wanted: Download,
  stall: StallTimer,
): Promise<void> {
  const handle = await open(part, from > 0 ? "r+" : "w");
  let received = from;
  try {
    for await (const chunk of body) {
      stall.restart();
      await handle.write(chunk, 0, chunk.length, received);
      received += chunk.length;
      wanted.onProgress?.(received, total);
    }
  } finally {
    await handle.close();
  }
  if (total !== undefined && received !== total) {
    throw new Error(`the connection ended after ${received} of ${total} bytes`);
  }
}

function totalOf(response: Response, have: number): number | undefined {
  const length = response.headers.get("content-length");
  if (length === null || response.headers.get("content-encoding") !== null) return undefined;
  return Number(length) + (response.status === 206 ? have : 0);
}

function rangeTotal(response: Response): number | undefined {
  const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  return total === undefined ? undefined : Number(total);
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

/** Says why a fetch failed: fetch itself hides the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** Aborts when nothing came for a while: a dead connection must not hang for ever. */
class StallTimer {
  readonly #milliseconds: number;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    const seconds = this.#milliseconds / 1000;
    return setTimeout(
      () => this.#controller.abort(new Error(`nothing came for ${seconds} seconds`)),
      this.#milliseconds,
    );
  }
}

import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimPart, type Download, download } from "../../src/setup/download.ts";
import { EnvironmentError } from "../../src/setup/environment-error.ts";
import { type Answer, answerWith, type FileServer, serve } from "./file-server.ts";

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

let folder: string;
let server: FileServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-download-"));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function wanted(answer: Answer, more: Partial<Download> = {}): Promise<Download> {
  server = await serve(answer);
  return {
    url: server.url,
    file: join(folder, "file.jar"),
    sha256: SHA256,
    retryMilliseconds: 5,
    ...more,
  };
}

/**
 * A connection that is torn once so many bytes have come: the head of the file is sent, and it is
 * the receiver's progress that cuts it.
 */
function tearing(upTo: number) {
  let tear = (): void => undefined;
  return {
    answer: (response: Parameters<Answer>[1]): void => {
      tear = () => response.destroy();
      response.writeHead(200, { "content-length": BYTES.length });
      response.write(BYTES.subarray(0, upTo));
    },
    onProgress: (received: number): void => {
      if (received === upTo) tear();
    },
  };
}

describe("a download", () => {
  test("is whole under its name, with nothing left beside it", async () => {
    const progress: number[] = [];
    const it = await wanted((request, response) => answerWith(BYTES, request, response), {
      onProgress: (received) => progress.push(received),
    });
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
    expect(readdirSync(folder)).toEqual(["file.jar"]);
    expect(progress.at(-1)).toBe(BYTES.length);
  });

  test("that is cut off goes on where it was", async () => {
    const { answer, onProgress } = tearing(100_000);
    const it = await wanted(
      (request, response, number) =>
        number === 0 ? answer(response) : answerWith(BYTES, request, response),
      { onProgress },
    );
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
    expect(server?.ranges).toEqual([null, "bytes=100000-"]);
  });

  test("that is never finished leaves a part, with which the next run goes on", async () => {
    let isDown = true;
    const { answer, onProgress } = tearing(50_000);
    const it = await wanted(
      (request, response, number) => {
        if (!isDown) answerWith(BYTES, request, response);
        else if (number === 0) answer(response);
        else response.destroy();
      },
      { onProgress },
    );
    await expect(download(it)).rejects.toThrow(EnvironmentError);
    expect(readdirSync(folder)).toEqual(["file.jar.part"]);
    isDown = false;
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
    expect(server?.ranges.at(-1)).toBe("bytes=50000-");
  });

  test("goes on with what a killed process left", async () => {
    const it = await wanted((request, response) => answerWith(BYTES, request, response));
    writeFileSync(`${it.file}.999999999.part`, BYTES.subarray(0, 1000));
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
    expect(server?.ranges).toEqual(["bytes=1000-"]);
    expect(readdirSync(folder)).toEqual(["file.jar"]);
  });

  test("begins again where the server knows no ranges", async () => {
    const it = await wanted((_, response) => response.writeHead(200).end(BYTES));
    writeFileSync(`${it.file}.part`, "something else");
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
  });

  test("takes a part that is whole already", async () => {
    const it = await wanted((request, response) => answerWith(BYTES, request, response));
    writeFileSync(`${it.file}.part`, BYTES);
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
  });

  test("throws away a part that is longer than the file", async () => {
    const it = await wanted((request, response) => answerWith(BYTES, request, response));
    writeFileSync(`${it.file}.part`, Buffer.alloc(BYTES.length + 7));
    await download(it);
    expect(readFileSync(it.file).equals(BYTES)).toBe(true);
  });

  test("of another file than the one meant is refused by its SHA-256, and nothing is kept", async () => {
    const it = await wanted((_, response) => response.end("<html>please log in</html>"));
    await expect(download(it)).rejects.toThrow(/SHA-256 is [0-9a-f]{64}, not /);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is tried again when the server is busy, and not when the file is not there", async () => {
    const busy = await wanted((request, response, number) => {
      if (number < 2) response.writeHead(503).end();
      else answerWith(BYTES, request, response);
    });
    await download(busy);
    expect(server?.ranges).toHaveLength(3);
    await server?.close();

    const missing = await wanted((_, response) => response.writeHead(404).end());
    rmSync(busy.file);
    await expect(download(missing)).rejects.toThrow(/404/);
    expect(server?.ranges).toHaveLength(1);
  });

  test("does not hang on a server that falls silent", async () => {
    const it = await wanted(
      (_, response) => {
        response.writeHead(200, { "content-length": BYTES.length });
        response.write(BYTES.subarray(0, 1000));
      },
      { stallMilliseconds: 50 },
    );
    await expect(download(it)).rejects.toThrow(/nothing came for 0.05 seconds/);
  });

  test("never shares its part with another process that is alive", async () => {
    const file = join(folder, "file.jar");
    const other = `${file}.${process.ppid}.part`;
    writeFileSync(other, "of the other");
    const own = await claimPart(file);
    expect(own).not.toBe(other);
    expect(readFileSync(other, "utf8")).toBe("of the other");
  });
});

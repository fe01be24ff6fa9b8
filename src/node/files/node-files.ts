import * as fs from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Files, OpenFile } from "./files.ts";

/** The file system of the machine. */
export const nodeFiles: Files = {
  async open(path, mode) {
    return new NodeFile(path, await openDescriptor(path, mode === "new" ? "wx+" : "r+"));
  },
  list: (folder) => readdir(folder),
  makeFolder: (path) => makeFolder(resolve(path)),
  rename,
  remove: (path) => rm(path),
  async syncFolder(path) {
    // Windows cannot open a folder, and keeps its entries durable by itself.
    if (process.platform === "win32") return;
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

/**
 * Node's own recursive mkdir does not come back where the system says that a folder cannot be there,
 * as in /proc.
 */
async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Another process may have been first.
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function openDescriptor(path: string, flags: string): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, flags, 0o600, (error, descriptor) =>
      error === null ? resolve(descriptor) : reject(error),
    );
  });
}

/** The most bytes that are written without a thread. */
const SHORT_BYTES = 256 * 1024;

type Done = (error: Error | null) => void;

function finished(call: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => (error === null ? resolve() : reject(error)));
  });
}

/**
 * A file by its descriptor. The calls with callbacks are used, since those of `node:fs/promises`
 * cost several times as much, and every batch of the log makes two.
 */
class NodeFile implements OpenFile {
  readonly path: string;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  size(): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.fstat(this.#descriptor, (error, stats) =>
        error === null ? resolve(stats.size) : reject(error),
      );
    });
  }

  async read(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const count = await this.#readSome(bytes, done, position + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  #readSome(bytes: Buffer, offset: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const length = bytes.length - offset;
      fs.read(this.#descriptor, bytes, offset, length, position, (error, count) =>
        error === null ? resolve(count) : reject(error),
      );
    });
  }

  /**
   * A short write goes to the system's cache, which takes a few microseconds: another thread would
   * cost more than it saves, and a batch of the log makes one. A long one goes by a thread.
   */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      done +=
        bytes.length - done <= SHORT_BYTES
          ? fs.writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done)
          : await this.#writeSome(bytes, done, position + done);
    }
  }

  #writeSome(bytes: Uint8Array, offset: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const length = bytes.length - offset;
      fs.write(this.#descriptor, bytes, offset, length, position, (error, count) =>
        error === null ? resolve(count) : reject(error),
      );
    });
  }

  sync(): Promise<void> {
    return finished((done) => fs.fdatasync(this.#descriptor, done));
  }

  truncate(size: number): Promise<void> {
    return finished((done) => fs.ftruncate(this.#descriptor, size, done));
  }

  close(): Promise<void> {
    return finished((done) => fs.close(this.#descriptor, done));
  }
}

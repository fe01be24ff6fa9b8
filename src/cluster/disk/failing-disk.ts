import { type Files, type OpenFile, systemError } from "../../node/files/files.ts";

/** What a disk does from some moment on. */
export type DiskFailure = "fsync" | "full" | null;

/** A file system that can be told to fail: each fsync (EIO), or each write (ENOSPC). */
export class FailingDisk implements Files {
  failure: DiskFailure = null;
  readonly #files: Files;

  constructor(files: Files) {
    this.#files = files;
  }

  async open(path: string, mode: "existing" | "new"): Promise<OpenFile> {
    if (mode === "new") this.#needsSpace();
    const file = await this.#files.open(path, mode);
    return {
      path: file.path,
      size: () => file.size(),
      read: (position, length) => file.read(position, length),
      write: async (bytes, position) => {
        this.#needsSpace();
        await file.write(bytes, position);
      },
      sync: async () => {
        this.#needsFsync();
        await file.sync();
      },
      truncate: (size) => file.truncate(size),
      close: () => file.close(),
    };
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#files.list(folder);
  }

  makeFolder(path: string): Promise<void> {
    return this.#files.makeFolder(path);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#files.rename(from, to);
  }

  remove(path: string): Promise<void> {
    return this.#files.remove(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#needsFsync();
    await this.#files.syncFolder(path);
  }

  #needsSpace(): void {
    if (this.failure === "full") throw systemError("ENOSPC", "no space left on device (injected)");
  }

  #needsFsync(): void {
    if (this.failure === "fsync") throw systemError("EIO", "fsync failed (injected)");
  }
}

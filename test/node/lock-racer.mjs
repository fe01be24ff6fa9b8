// Takes the lock of a folder at a moment that it is told, says whether it has it, and gives it back.
import { FolderLock } from "../../dist/src/node/folder-lock.js";

/** @type {Awaited<ReturnType<typeof FolderLock.acquire>> | null} */
let lock = null;

process.on("message", async (/** @type {{ folder: string, at: number } | "release"} */ message) => {
  if (message === "release") {
    await lock?.release();
    lock = null;
    process.send?.("released");
    return;
  }
  while (Date.now() < message.at);
  try {
    lock = await FolderLock.acquire(message.folder);
    process.send?.("has it");
  } catch (error) {
    process.send?.(error instanceof Error ? error.name : String(error));
  }
});

import {
  closeSync,
  existsSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Random } from "../../sim/random.ts";
import { UNDO_LOG } from "./recorded-files.ts";
import type { OpenChange, TrackedFile } from "./undo.ts";
import { readUndoLog } from "./undo-log.ts";

/** What a disk writes at once: of more, a part may be there and another not. */
const SECTOR_BYTES = 512;

/** What was lost. */
export interface Lost {
  /** Bytes written and never made durable, that are gone. */
  readonly bytes: number;
  /** Files made, renamed or removed, that are as they were. */
  readonly changes: number;
}

/** How much of what is not durable is lost. */
type Extent = "all" | "some";

/**
 * Undoes, in what a killed process left on the disk, what would be gone if the power had failed:
 * all that was not durable, or some of it, sector by sector. What is there then is durable.
 *
 * @param folder the folder of the notes of `RecordedFiles`
 */
export function losePower(folder: string, random: Random): Lost {
  const { unsafe } = readUndoLog(join(folder, UNDO_LOG));
  const extent: Extent = random.happens(500) ? "all" : "some";
  const stays = extent === "all" ? 0 : random.below(unsafe.changes.length + 1);
  const undone = unsafe.changes.slice(stays).reverse();
  const paths = new Map([...unsafe.files.values()].map((file) => [file.file, file.path]));
  for (const change of undone) undoChange(change, paths);
  let bytes = 0;
  for (const file of unsafe.files.values()) {
    const path = paths.get(file.file) ?? file.path;
    if (existsSync(path)) bytes += undoBytes(path, file, extent, random);
  }
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
  return { bytes, changes: undone.length };
}

function undoChange({ undo }: OpenChange, paths: Map<number, string>): void {
  switch (undo.what) {
    case "open":
      rmSync(undo.path, { force: true });
      return;
    case "rename":
      if (existsSync(undo.to)) renameSync(undo.to, undo.path);
      if (undo.kept !== null && existsSync(undo.kept)) linkSync(undo.kept, undo.to);
      for (const [file, path] of paths) if (path === undo.to) paths.set(file, undo.path);
      return;
    case "remove":
      if (existsSync(undo.kept) && !existsSync(undo.path)) linkSync(undo.kept, undo.path);
      return;
  }
}

/** @returns how many bytes are gone */
function undoBytes(path: string, file: TrackedFile, extent: Extent, random: Random): number {
  const descriptor = openSync(path, "r+");
  let lost = 0;
  // A sector that is there as a later write left it is so whatever became of the earlier ones.
  const there = new Set<number>();
  try {
    for (const { position, before } of [...file.writes].reverse()) {
      const bytes = Buffer.from(before, "base64");
      for (let at = 0; at < bytes.length; ) {
        const sector = Math.floor((position + at) / SECTOR_BYTES);
        const length = Math.min((sector + 1) * SECTOR_BYTES - position - at, bytes.length - at);
        const isLost = extent === "all" || random.happens(500);
        if (!isLost) there.add(sector);
        if (!there.has(sector)) {
          writeSync(descriptor, bytes, at, length, position + at);
          lost += length;
        }
        at += length;
      }
    }
    const { size } = statSync(path);
    const kept = file.durableSize + random.below(size - file.durableSize + 1);
    const end = extent === "all" ? file.durableSize : kept;
    if (size > end) {
      ftruncateSync(descriptor, end);
      lost += size - end;
    }
  } finally {
    closeSync(descriptor);
  }
  return lost;
}

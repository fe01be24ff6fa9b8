import type { ServerId } from "../core/index.ts";
import { sameServers } from "../trace/same-servers.ts";
import { SettingError } from "./address.ts";
import { codeOf, type Files } from "./files/files.ts";
import { readWhole, writeDurably } from "./files/whole.ts";
import { segmentOfName } from "./wal/segment.ts";

/** Whose folder it is: a server never starts from that of another. */
export interface Identity {
  readonly clusterId: string;
  readonly id: ServerId;
  readonly servers: readonly ServerId[];
}

const NAME = "server.json";
const FORMAT = "lockstep-server";
const VERSION = 1;

/**
 * Whether the folder is known to be this server's. A server begins its log before it claims its
 * folder, so that a claimed folder without a log is one whose log was lost: from there it would
 * start as if it had never voted.
 *
 * @param ownFiles names in the folder that are this server's, and made before its first start ends
 * @throws SettingError where the folder is another server's, or of another cluster, or has lost
 *   its log, or is no server's and not empty
 */
export async function isClaimed(
  files: Files,
  folder: string,
  own: Identity,
  ownFiles: readonly string[] = [],
): Promise<boolean> {
  const path = `${folder}/${NAME}`;
  const found = await readIdentity(files, path);
  if (found === null) {
    await requireUnused(files, folder, ownFiles);
    return false;
  }
  if (found.format !== FORMAT || found.version !== VERSION) {
    throw new SettingError(`${path} is not of the form of this version of lockstep: ${FORMAT} 1.`);
  }
  for (const key of ["clusterId", "id", "servers"] as const) {
    const [is, should] = [JSON.stringify(found[key]), JSON.stringify(own[key])];
    if (is === should || (key === "servers" && areServers(found[key], own[key]))) continue;
    const verb = key === "servers" ? "are" : "is";
    throw new SettingError(
      `${folder} is the folder of another server: its ${key} ${verb} ${is}, and this server's ${should}. ` +
        "Give each server a folder of its own; the servers of a cluster are fixed at its first start.",
    );
  }
  if (await hasLog(files, folder)) return true;
  throw new SettingError(
    `${folder} has lost its log: there is ${NAME}, and nothing in wal/. A server that forgets its ` +
      "vote and its entries can undo what the cluster has promised: bring the log back from a copy, " +
      "or leave this server out.",
  );
}

/** Writes down whose folder it is, once its log is begun. */
export async function claimFolder(files: Files, folder: string, own: Identity): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, ...own })}\n`;
  await writeDurably(files, folder, NAME, Buffer.from(text));
}

/** Says that a log has something in it and nobody's name on it. */
export function logOfNobody(folder: string): SettingError {
  return new SettingError(
    `${folder} has a log, and no ${NAME} that says whose it is. Bring ${NAME} back from a copy.`,
  );
}

/** What a first start that was interrupted leaves, and what a file system has in its root. */
const UNCLAIMED = /^(wal|snapshots|lock|lock\.[0-9a-f]+|server\.json\.draft|lost\+found)$/;

/** The most names that a message tells. */
const MOST_NAMES = 3;

async function requireUnused(
  files: Files,
  folder: string,
  ownFiles: readonly string[],
): Promise<void> {
  const names = await files.list(folder);
  const foreign = names.filter((name) => !UNCLAIMED.test(name) && !ownFiles.includes(name)).sort();
  if (foreign.length === 0) return;
  const told = foreign.slice(0, MOST_NAMES).map((name) => JSON.stringify(name));
  const more = foreign.length > MOST_NAMES ? ` and ${foreign.length - MOST_NAMES} more` : "";
  throw new SettingError(
    `${folder} is not a server's folder, and not empty: it holds ${told.join(", ")}${more}. ` +
      `A server's folder has a ${NAME}; name that, or a new or empty folder.`,
  );
}

async function hasLog(files: Files, folder: string): Promise<boolean> {
  try {
    return (await files.list(`${folder}/wal`)).some((name) => segmentOfName(name) !== null);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function readIdentity(
  files: Files,
  path: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  let text: string;
  try {
    text = (await readWhole(files, path)).toString("utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Told below.
  }
  throw new SettingError(`${path} is damaged: it should be a JSON object. Restore it from a copy.`);
}

function areServers(found: unknown, own: readonly ServerId[]): boolean {
  return Array.isArray(found) && sameServers(found.map(String), own);
}

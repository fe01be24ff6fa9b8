import type { ServerId } from "../core/index.ts";
import { SettingError } from "./address.ts";
import { codeOf, type Files, readWhole, writeDurably } from "./files/files.ts";

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
 * Writes down whose folder it is, the first time; later holds the server against it.
 *
 * @throws SettingError where the folder is another server's, or of another cluster
 */
export async function claimFolder(files: Files, folder: string, own: Identity): Promise<void> {
  const path = `${folder}/${NAME}`;
  const found = await readIdentity(files, path);
  if (found === null) {
    const text = `${JSON.stringify({ format: FORMAT, version: VERSION, ...own })}\n`;
    await writeDurably(files, folder, NAME, Buffer.from(text));
    return;
  }
  if (found.format !== FORMAT || found.version !== VERSION) {
    throw new SettingError(`${path} is not of the form of this version of lockstep: ${FORMAT} 1.`);
  }
  for (const key of ["clusterId", "id", "servers"] as const) {
    const [is, should] = [JSON.stringify(found[key]), JSON.stringify(own[key])];
    if (is === should) continue;
    throw new SettingError(
      `${folder} is the folder of another server: its ${key} is ${is}, and this server's ${should}. ` +
        "Give each server a folder of its own; the servers of a cluster are fixed at its first start.",
    );
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

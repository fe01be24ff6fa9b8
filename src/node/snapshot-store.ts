import { crc32 } from "node:zlib";
import type { Snapshot } from "../core/index.ts";
import { ByteReader, ByteWriter, DecodeError, LongText } from "./codec/index.ts";
import { codeOf, type Files, type OpenFile } from "./files/files.ts";
import { DRAFT_ENDING, readWhole, writeDurably } from "./files/whole.ts";
import { nextTurn } from "./next-turn.ts";
import type { LogBase } from "./wal/batch-types.ts";
import { LogDamage } from "./wal/damage.ts";

const MAGIC = Buffer.from("locksnap", "latin1");
const VERSION = 1;
const CHECKSUM_AT = MAGIC.length + 1;
const BODY_AT = CHECKSUM_AT + 4;

/** The snapshots of a folder, each in a file that is named after what it includes. */
export class SnapshotStore {
  readonly #files: Files;
  readonly #folder: string;
  #bytes = 0;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** The length of the last one that was saved or read. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Makes a snapshot durable. One that is not finished cannot be taken for one.
   *
   * @param texts its data, in parts where they are at hand
   */
  async save(snapshot: Snapshot, texts: readonly string[] = [snapshot.data]): Promise<void> {
    const name = nameOf(baseOf(snapshot));
    let bytes = 0;
    await writeDurably(this.#files, this.#folder, name, async (file) => {
      bytes = await write(file, snapshot, texts);
    });
    this.#bytes = bytes;
  }

  /**
   * The snapshot that a log begins after.
   *
   * @throws LogDamage where it is not there, or not whole
   */
  async read(base: LogBase): Promise<Snapshot> {
    const path = `${this.#folder}/${nameOf(base)}`;
    let bytes: Buffer;
    try {
      bytes = await readWhole(this.#files, path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      throw new LogDamage(path, 0, "the snapshot that the log begins after is missing");
    }
    const snapshot = decode(bytes);
    if (typeof snapshot === "string") throw new LogDamage(path, 0, snapshot);
    const { lastIncludedIndex, lastIncludedTerm } = snapshot;
    if (lastIncludedIndex !== base.index || lastIncludedTerm !== base.term) {
      throw new LogDamage(path, 0, "the file holds another snapshot than its name says");
    }
    this.#bytes = bytes.length;
    return snapshot;
  }

  /** At a start: removes all but the one that the log begins after, unfinished ones too. */
  async keepOnly(base: LogBase): Promise<void> {
    const kept = nameOf(base);
    await this.#remove((name) => name !== kept && (NAME.test(name) || name.endsWith(DRAFT_ENDING)));
  }

  /** Removes those that include less than the one that the log begins after. */
  async removeOlder(base: LogBase): Promise<void> {
    await this.#remove((name) => Number(NAME.exec(name)?.[1] ?? base.index) < base.index);
  }

  async #remove(isOld: (name: string) => boolean): Promise<void> {
    const names = await this.#files.list(this.#folder);
    for (const name of names.filter(isOld)) await this.#files.remove(`${this.#folder}/${name}`);
  }
}

const NAME = /^(\d{12})-\d+\.snapshot$/;

function nameOf({ index, term }: LogBase): string {
  return `${String(index).padStart(12, "0")}-${term}.snapshot`;
}

export function baseOf(snapshot: Snapshot): LogBase {
  return { index: snapshot.lastIncludedIndex, term: snapshot.lastIncludedTerm };
}

/**
 * Magic, version, a checksum of what follows; index, term and the state machine's text. Others get
 * their turn between its pieces: a server's heartbeats do not wait for a large state.
 *
 * @returns how many bytes were written
 */
async function write(
  file: OpenFile,
  snapshot: Snapshot,
  texts: readonly string[],
): Promise<number> {
  const text = await LongText.inTurns(texts, nextTurn);
  let position = BODY_AT;
  let checksum = 0;
  for (const piece of piecesOf(snapshot, text)) {
    checksum = crc32(piece, checksum);
    await file.write(piece, position);
    position += piece.length;
    await nextTurn();
  }
  const header = Buffer.alloc(BODY_AT);
  MAGIC.copy(header);
  header[MAGIC.length] = VERSION;
  header.writeUInt32LE(checksum, CHECKSUM_AT);
  await file.write(header, 0);
  return position;
}

function* piecesOf(
  { lastIncludedIndex, lastIncludedTerm }: Snapshot,
  text: LongText,
): Generator<Buffer> {
  const writer = new ByteWriter(32);
  writer.integer(lastIncludedIndex);
  writer.integer(lastIncludedTerm);
  yield writer.written();
  yield* text.pieces();
}

/** @returns what is wrong, as text, where the bytes are no snapshot */
function decode(bytes: Buffer): Snapshot | string {
  if (bytes.length < BODY_AT) return "the file ends too early";
  if (MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return "the file is no snapshot";
  if (bytes[MAGIC.length] !== VERSION) {
    return `the snapshot is of version ${bytes[MAGIC.length]}, and this reads version ${VERSION}`;
  }
  if (crc32(bytes.subarray(BODY_AT)) !== bytes.readUInt32LE(CHECKSUM_AT)) {
    return "the snapshot does not have its checksum";
  }
  try {
    const reader = new ByteReader(bytes, BODY_AT);
    const lastIncludedIndex = reader.integer();
    const lastIncludedTerm = reader.integer();
    const data = reader.text();
    reader.end();
    return { lastIncludedIndex, lastIncludedTerm, data };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `the snapshot has its checksum, but ${error.message}`;
  }
}

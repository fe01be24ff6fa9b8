import type { Entry, Index, ServerId, Term } from "../../core/index.ts";
import { list } from "../codec/field.ts";
import { ByteReader, type ByteWriter, DecodeError, entry } from "../codec/index.ts";
import type { Batch, CarriedLines, LogBase } from "./batch-types.ts";

/** What a segment begins with: the state at its beginning, so that those before may go. */
export interface Checkpoint {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
  readonly base: LogBase;
  readonly lastIndex: Index;
  /** Whether the whole life of the server has been traced so far. */
  readonly isTraced: boolean;
}

export type WalRecord =
  | { readonly kind: "batch"; readonly batch: Batch }
  | { readonly kind: "checkpoint"; readonly checkpoint: Checkpoint };

const KIND_BATCH = 1;
const KIND_CHECKPOINT = 2;

const entryList = list(entry);

const HAS_BASE = 1;
const HAS_LOG = 2;
const HAS_TRACE = 4;
const IS_ABBREVIATED = 8;

/** The bytes of a batch; `src/node/README.md` documents them. */
export function encodeBatch(writer: ByteWriter, batch: Batch): void {
  const { base, logChangedFrom, entries, trace } = batch;
  writer.byte(KIND_BATCH);
  writer.byte(
    (base === null ? 0 : HAS_BASE) |
      (logChangedFrom === 0 ? 0 : HAS_LOG) |
      (trace === null ? 0 : HAS_TRACE) |
      (trace?.areAbbreviated === true ? IS_ABBREVIATED : 0),
  );
  encodeTermAndVote(writer, batch.currentTerm, batch.votedFor);
  if (base !== null) encodeBase(writer, base);
  if (logChangedFrom !== 0) {
    writer.integer(logChangedFrom);
    entryList.write(writer, entries);
  }
  if (trace === null) return;
  writer.integer(trace.firstSeq);
  writer.integer(trace.lastSeq);
  writer.integer(trace.lines.length);
  writer.bytes(trace.lines);
}

export function encodeCheckpoint(writer: ByteWriter, checkpoint: Checkpoint): void {
  writer.byte(KIND_CHECKPOINT);
  encodeTermAndVote(writer, checkpoint.currentTerm, checkpoint.votedFor);
  encodeBase(writer, checkpoint.base);
  writer.integer(checkpoint.lastIndex);
  writer.boolean(checkpoint.isTraced);
}

/** Throws DecodeError where the bytes are no record. */
export function decodeRecord(bytes: Buffer): WalRecord {
  const reader = new ByteReader(bytes);
  const kind = reader.byte();
  const record = decodeKind(kind, reader);
  reader.end();
  return record;
}

function decodeKind(kind: number, reader: ByteReader): WalRecord {
  switch (kind) {
    case KIND_BATCH:
      return { kind: "batch", batch: decodeBatch(reader) };
    case KIND_CHECKPOINT:
      return { kind: "checkpoint", checkpoint: decodeCheckpoint(reader) };
    default:
      throw new DecodeError(`${kind} is not a kind of record`);
  }
}

function decodeBatch(reader: ByteReader): Batch {
  const flags = reader.byte();
  if (flags > (HAS_BASE | HAS_LOG | HAS_TRACE | IS_ABBREVIATED))
    throw new DecodeError("a flag is not known");
  const { currentTerm, votedFor } = decodeTermAndVote(reader);
  const base = (flags & HAS_BASE) === 0 ? null : decodeBase(reader);
  let logChangedFrom = 0;
  let entries: readonly Entry[] = [];
  if ((flags & HAS_LOG) !== 0) {
    logChangedFrom = reader.integer();
    if (logChangedFrom === 0) throw new DecodeError("index 0 is not in a log");
    entries = entryList.read(reader);
  }
  const trace = decodeTrace(flags, reader);
  return { currentTerm, votedFor, base, logChangedFrom, entries, trace };
}

function decodeTrace(flags: number, reader: ByteReader): CarriedLines | null {
  const areAbbreviated = (flags & IS_ABBREVIATED) !== 0;
  if ((flags & HAS_TRACE) === 0) {
    if (areAbbreviated) throw new DecodeError("there is no trace that could be abbreviated");
    return null;
  }
  return {
    firstSeq: reader.integer(),
    lastSeq: reader.integer(),
    lines: reader.rest(reader.integer()),
    ...(areAbbreviated ? { areAbbreviated } : {}),
  };
}

function decodeCheckpoint(reader: ByteReader): Checkpoint {
  return {
    ...decodeTermAndVote(reader),
    base: decodeBase(reader),
    lastIndex: reader.integer(),
    isTraced: reader.boolean(),
  };
}

/** An empty text is nobody: no server has that name. */
function encodeTermAndVote(writer: ByteWriter, term: Term, vote: ServerId | null): void {
  writer.integer(term);
  writer.text(vote ?? "");
}

function decodeTermAndVote(reader: ByteReader): {
  readonly currentTerm: Term;
  readonly votedFor: ServerId | null;
} {
  const currentTerm = reader.integer();
  const vote = reader.text();
  return { currentTerm, votedFor: vote === "" ? null : vote };
}

function encodeBase(writer: ByteWriter, base: LogBase): void {
  writer.integer(base.index);
  writer.integer(base.term);
}

function decodeBase(reader: ByteReader): LogBase {
  return { index: reader.integer(), term: reader.integer() };
}

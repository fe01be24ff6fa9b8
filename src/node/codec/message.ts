import type {
  AppendEntriesAcknowledgement,
  AppendEntriesRefusal,
  InstallSnapshotRequest,
  Message,
  ServerId,
} from "../../core/index.ts";
import { type ByteReader, ByteWriter, DecodeError } from "./bytes.ts";
import { entry } from "./entry.ts";
import { always, boolean, type Field, integer, list, text } from "./field.ts";
import { FRAME } from "./frame-kind.ts";
import { LongText } from "./long-text.ts";

/** What every message has. */
type Header = "type" | "id" | "from" | "to" | "term";

/** How each field of a message is written, in this order: one left out does not compile. */
type Fields<M> = { readonly [Name in Exclude<keyof M, Header>]-?: Field<M[Name]> };

interface Body<M> {
  write(writer: ByteWriter, message: M): void;
  /** Gives the message what it has beyond its header. */
  read(reader: ByteReader, message: Record<string, unknown>): void;
}

type OfType<Type extends Message["type"]> = Extract<Message, { readonly type: Type }>;

/** A number for each type of message, which never gets another meaning. */
const TAGS: { readonly [Type in Message["type"]]: number } = {
  RequestVoteRequest: 1,
  RequestVoteResponse: 2,
  AppendEntriesRequest: 3,
  AppendEntriesResponse: 4,
  InstallSnapshotRequest: 5,
  ConfirmLeadershipRequest: 6,
  ConfirmLeadershipResponse: 7,
};

const acknowledgement = body<AppendEntriesAcknowledgement>({
  success: always(true),
  matchIndex: integer,
});

const refusal = body<AppendEntriesRefusal>({
  success: always(false),
  prevLogIndex: integer,
  lastLogIndex: integer,
});

/** What a message has beyond its header, by type: one left out does not compile. */
const BODIES: { readonly [Type in Message["type"]]: Body<OfType<Type>> } = {
  RequestVoteRequest: body({ lastLogIndex: integer, lastLogTerm: integer }),
  RequestVoteResponse: body({ voteGranted: boolean }),
  AppendEntriesRequest: body({
    prevLogIndex: integer,
    prevLogTerm: integer,
    entries: list(entry),
    leaderCommit: integer,
  }),
  AppendEntriesResponse: {
    write: (writer, message) => {
      writer.boolean(message.success);
      if (message.success) acknowledgement.write(writer, message);
      else refusal.write(writer, message);
    },
    read: (reader, message) => {
      if (reader.boolean()) acknowledgement.read(reader, message);
      else refusal.read(reader, message);
    },
  },
  InstallSnapshotRequest: body({
    lastIncludedIndex: integer,
    lastIncludedTerm: integer,
    data: text,
  }),
  ConfirmLeadershipRequest: body({ round: integer }),
  ConfirmLeadershipResponse: body({ round: integer }),
};

const TYPES = new Map(Object.entries(TAGS).map(([type, tag]) => [tag, type as Message["type"]]));

/**
 * Writes a message, without its sender and receiver: a connection is between two servers, who
 * have named themselves when it began, so that no message can claim another sender.
 */
export function writeMessage(writer: ByteWriter, message: Message): void {
  const body: Body<never> = BODIES[message.type];
  writer.byte(TAGS[message.type]);
  writer.text(message.id);
  writer.integer(message.term);
  body.write(writer, message as never);
}

/** The body of a frame, in pieces that are made when they are asked for. */
export interface LongMessage {
  /** How many bytes all pieces have together. */
  readonly length: number;
  readonly pieces: Iterator<Buffer>;
}

/**
 * The frame's body of a snapshot's message: the same bytes as by `writeMessage`.
 *
 * @param texts its data, in parts where they are at hand
 */
export function longSnapshot(
  message: InstallSnapshotRequest,
  texts: readonly string[] = [message.data],
): LongMessage {
  const writer = new ByteWriter(256);
  writer.byte(FRAME.message);
  writeMessage(writer, { ...message, data: "" });
  // The last byte is the length of the empty text, for which the long one comes.
  const head = writer.written().subarray(0, -1);
  const data = LongText.of(texts);
  function* pieces(): Generator<Buffer> {
    yield head;
    yield* data.pieces();
  }
  return { length: head.length + data.length, pieces: pieces() };
}

/** Reads a message to the end of the bytes. Throws a DecodeError. */
export function readMessage(reader: ByteReader, from: ServerId, to: ServerId): Message {
  const tag = reader.byte();
  const type = TYPES.get(tag);
  if (type === undefined) throw new DecodeError(`there is no message of type ${tag}`);
  const id = reader.text();
  const message = { type, id, from, to, term: reader.integer() };
  BODIES[type].read(reader, message);
  reader.end();
  return message as Message;
}

function body<M>(fields: Fields<M>): Body<M> {
  const entries = Object.entries(fields) as [keyof M & string, Field<unknown>][];
  return {
    write: (writer, message) => {
      for (const [name, field] of entries) field.write(writer, message[name]);
    },
    read: (reader, message) => {
      for (const [name, field] of entries) message[name] = field.read(reader);
    },
  };
}

import { createHash } from "node:crypto";
import { ByteReader, type ByteWriter, DecodeError } from "./bytes.ts";
import { FRAME } from "./frame-kind.ts";

/** How connections begin. Another number is another protocol. */
export const PROTOCOL_VERSION = 2;

/** The longest frame before both sides know who the other is. */
export const MAX_HANDSHAKE_BYTES = 4096;

const MAGIC = "lockstep";

/** What the one who dials says first. */
export interface Hello {
  readonly version: number;
  readonly role: "server" | "client";
  /** The cluster that is meant; empty for a client that takes any. */
  readonly clusterId: string;
  /** Who dials: a server's id, a client's name for the log. */
  readonly from: string;
  /** The server that is meant; empty for a client that takes any. */
  readonly to: string;
  /** Of a server: which servers its cluster has, by `serversDigest`; empty for a client. */
  readonly servers: string;
}

/** Why a client is refused that may come again; every other refusal is for good. */
export const NO_CLIENTS_YET = "no clients are taken yet";
export const TOO_MANY_CLIENTS = "there are too many clients";

/** What the server that was dialled answers. */
export type HelloAnswer =
  | { readonly status: "welcome"; readonly clusterId: string; readonly id: string }
  | { readonly status: "refused"; readonly reason: string };

/**
 * Stands for the servers of a cluster, and is of one length however many they are.
 *
 * @param servers in order, so that the same ones have the same digest
 */
export function serversDigest(servers: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(servers)).digest("hex");
}

export function writeHello(writer: ByteWriter, hello: Hello): void {
  writer.byte(FRAME.hello);
  writer.text(MAGIC);
  writer.integer(hello.version);
  writer.boolean(hello.role === "server");
  writer.text(hello.clusterId);
  writer.text(hello.from);
  writer.text(hello.to);
  writer.text(hello.servers);
}

/** Throws a DecodeError. Of another version only the version is sure to be understood. */
export function readHello(body: Buffer): Hello {
  const reader = new ByteReader(body);
  if (reader.byte() !== FRAME.hello || reader.text() !== MAGIC) {
    throw new DecodeError("it does not begin as a connection of lockstep does");
  }
  const version = reader.integer();
  if (version !== PROTOCOL_VERSION) {
    return { version, role: "client", clusterId: "", from: "", to: "", servers: "" };
  }
  const role = reader.boolean() ? "server" : "client";
  const hello = {
    version,
    role,
    clusterId: reader.text(),
    from: reader.text(),
    to: reader.text(),
    servers: reader.text(),
  } as const;
  reader.end();
  return hello;
}

export function writeHelloAnswer(writer: ByteWriter, answer: HelloAnswer): void {
  writer.byte(FRAME.helloAnswer);
  writer.boolean(answer.status === "welcome");
  if (answer.status === "refused") {
    writer.text(answer.reason);
    return;
  }
  writer.text(answer.clusterId);
  writer.text(answer.id);
}

/** Throws a DecodeError. */
export function readHelloAnswer(body: Buffer): HelloAnswer {
  const reader = new ByteReader(body);
  if (reader.byte() !== FRAME.helloAnswer) {
    throw new DecodeError("it does not answer as a server of lockstep does");
  }
  const answer: HelloAnswer = reader.boolean()
    ? { status: "welcome", clusterId: reader.text(), id: reader.text() }
    : { status: "refused", reason: reader.text() };
  reader.end();
  return answer;
}

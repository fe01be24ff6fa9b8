/** Connections that say what they like, to see what a server does with them. */
import { connect, type Socket } from "node:net";
import { FRAME } from "../../../src/node/codec/frame-kind.ts";
import {
  ByteWriter,
  beginFrame,
  endFrame,
  type Hello,
  PROTOCOL_VERSION,
  writeHello,
  writeMessage,
} from "../../../src/node/codec/index.ts";
import { vote } from "./pair.ts";

export interface Raw {
  readonly socket: Socket;
  readonly ended: Promise<void>;
  received: Buffer;
}

const open = new Set<Socket>();

export function dialRaw(address: string, ...send: (Buffer | string)[]): Raw {
  const [host = "", port] = address.split(":");
  const socket = connect({ host, port: Number(port), noDelay: true });
  open.add(socket);
  const raw: Raw = {
    socket,
    received: Buffer.alloc(0),
    ended: new Promise((resolve) => socket.on("close", () => resolve())),
  };
  socket.on("error", () => {});
  socket.on("data", (piece) => {
    raw.received = Buffer.concat([raw.received, piece]);
  });
  for (const bytes of send) socket.write(bytes);
  return raw;
}

export function closeRaw(): void {
  for (const socket of open) socket.destroy();
  open.clear();
}

/** A frame with a body. */
export function frame(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter(64);
  const start = beginFrame(writer);
  write(writer);
  endFrame(writer, start);
  return writer.written();
}

export function hello(fields: Partial<Hello> = {}): Buffer {
  return frame((writer) =>
    writeHello(writer, {
      version: PROTOCOL_VERSION,
      role: "server",
      clusterId: "test",
      from: "s1",
      to: "s2",
      ...fields,
    }),
  );
}

export function voteFrame(term: number): Buffer {
  return frame((writer) => {
    writer.byte(FRAME.message);
    writeMessage(writer, vote(term));
  });
}

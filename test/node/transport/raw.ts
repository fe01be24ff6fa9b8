/** Connections that say what they like, to see what a server does with them. */
import { connect, createServer, type Socket } from "node:net";
import { FRAME } from "../../../src/node/codec/frame-kind.ts";
import {
  ByteWriter,
  beginFrame,
  endFrame,
  type Hello,
  PROTOCOL_VERSION,
  serversDigest,
  writeHello,
  writeHelloAnswer,
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
      servers: fields.role === "client" ? "" : serversDigest(["s1", "s2", "s3"]),
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

/** A server s2 that welcomes whoever dials, and then does with it what it is told. */
export async function startWelcoming(
  onWelcomed: (socket: Socket) => void,
): Promise<{ readonly address: string; close(): void }> {
  const answer = { status: "welcome", clusterId: "test", id: "s2" } as const;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.write(frame((writer) => writeHelloAnswer(writer, answer)));
    onWelcomed(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no address");
  return { address: `127.0.0.1:${bound.port}`, close: () => server.close() };
}

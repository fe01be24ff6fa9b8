/** Messages, entries, frames and handshakes as bytes. */

export { ByteReader, ByteWriter, DecodeError } from "./bytes.ts";
export * from "./client.ts";
export { entry } from "./entry.ts";
export type { Field } from "./field.ts";
export * as field from "./field.ts";
export { beginFrame, bodyOf, endFrame, FrameReader, FrameTooLong } from "./frame.ts";
export { FRAME } from "./frame-kind.ts";
export * from "./handshake.ts";
export { LongText } from "./long-text.ts";
export { type LongMessage, longSnapshot, readMessage, writeMessage } from "./message.ts";

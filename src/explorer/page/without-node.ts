/** What src/trace asks of Node to read files: a page has the text of a trace already. */

export function isUtf8(): never {
  throw new Error("a page reads no bytes");
}

export function createReadStream(): never {
  throw new Error("a page reads no files");
}

/** For the constants of what reads bytes, which are made where a module is loaded. */
export const Buffer = {
  alloc: (size: number): Uint8Array => new Uint8Array(size),
  from: (text: string): Uint8Array => new TextEncoder().encode(text),
  of: (...bytes: readonly number[]): Uint8Array => Uint8Array.of(...bytes),
};

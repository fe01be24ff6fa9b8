/** What src/trace asks of Node to read files: a page has the text of a trace already. */

export function isUtf8(): never {
  throw new Error("a page reads no bytes");
}

export function createReadStream(): never {
  throw new Error("a page reads no files");
}

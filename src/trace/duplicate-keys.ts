const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * How many keys the objects of a line have, those that come twice counted twice. A parser
 * keeps the last of two equal keys in silence, so that the count of what it kept tells
 * whether there were any.
 *
 * In valid JSON an unescaped quote before a colon always ends a key. Exact where no key
 * ends in a backslash, and no name of this format does.
 */
export function countKeys(line: string): number {
  let keys = 0;
  for (let colon = line.indexOf(":"); colon >= 0; colon = line.indexOf(":", colon + 1)) {
    let before = colon - 1;
    while (before > 0 && isSpace(line.charCodeAt(before))) before--;
    if (line.charCodeAt(before) === QUOTE && line.charCodeAt(before - 1) !== BACKSLASH) keys++;
  }
  return keys;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

/** The first key that an object of the line has twice; null where there is none. */
export function duplicateKey(line: string): string | null {
  const objects: Set<string>[] = [];
  for (let place = 0; place < line.length; place++) {
    const code = line[place];
    if (code === "{") objects.push(new Set());
    if (code === "}") objects.pop();
    if (code !== '"') continue;
    const end = endOfString(line, place);
    if (isKey(line, end)) {
      const key: unknown = JSON.parse(line.slice(place, end));
      const seen = objects.at(-1);
      if (typeof key === "string" && seen?.has(key)) return key;
      if (typeof key === "string") seen?.add(key);
    }
    place = end - 1;
  }
  return null;
}

/** The place after the closing quote of the string that opens at `start`. */
function endOfString(line: string, start: number): number {
  let place = start + 1;
  while (place < line.length && line.charCodeAt(place) !== QUOTE) {
    place += line.charCodeAt(place) === BACKSLASH ? 2 : 1;
  }
  return place + 1;
}

function isKey(line: string, end: number): boolean {
  let place = end;
  while (isSpace(line.charCodeAt(place))) place++;
  return line.charCodeAt(place) === COLON;
}

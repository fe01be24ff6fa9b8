/** A place in bytes of JSON that are read as they are expected to be. */
import { MAX_INTEGER } from "../format.ts";
import type { Words } from "./words.ts";

/** Thrown where the bytes are not in the plain form: they are to be read in another way. */
export const NOT_PLAIN = Symbol("not in the plain form");

export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;

const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const FIRST_BEYOND_ASCII = 0x80;

const EMPTY = Buffer.alloc(0);
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

/**
 * Reads JSON without escapes, and without space but single blanks between its tokens. Whatever else
 * stands there throws NOT_PLAIN. The bytes must be UTF-8 and end with a newline, which no token
 * has, so that no reading goes past them.
 */
export class Cursor {
  #bytes: Buffer = EMPTY;
  #at = 0;

  moveTo(bytes: Buffer, at: number): void {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Takes one byte. */
  take(byte: number): void {
    if (this.#bytes[this.#at] !== byte) throw NOT_PLAIN;
    this.#at++;
  }

  /** Takes one byte where it comes next. */
  takes(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  /** Takes a comma between two elements. */
  comma(): void {
    this.take(COMMA);
    this.takes(SPACE);
  }

  /** Behind an element: takes a comma, or `close`, with which the list of them ends. */
  goesOn(close: number): boolean {
    const goesOn = this.takes(COMMA);
    if (goesOn) this.takes(SPACE);
    else this.take(close);
    return goesOn;
  }

  /** Whether nothing is left before the newline at `end`. */
  isAtEnd(end: number): boolean {
    this.takes(CARRIAGE_RETURN);
    return this.#at === end;
  }

  /** A key, and the colon behind it. */
  key<Value>(words: Words<Value>): Value {
    const value = this.word(words);
    this.take(COLON);
    this.takes(SPACE);
    return value;
  }

  /** What a string stands for, which must be one of some words. */
  word<Value>(words: Words<Value>): Value {
    this.take(QUOTE);
    const end = this.#endOfString();
    const value = words.find(this.#bytes, this.#at, end);
    if (value === undefined) throw NOT_PLAIN;
    this.#at = end + 1;
    return value;
  }

  boolean(): boolean {
    if (this.#takesBare(TRUE)) return true;
    if (this.#takesBare(FALSE)) return false;
    throw NOT_PLAIN;
  }

  /** Whether `null` comes next; it is taken then. */
  takesNull(): boolean {
    return this.#takesBare(NULL);
  }

  /** Any string. */
  text(): string {
    this.take(QUOTE);
    const bytes = this.#bytes;
    const start = this.#at;
    let end = start;
    let all = 0;
    for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[++end]) {
      if (byte === undefined || byte < SPACE || byte === BACKSLASH) throw NOT_PLAIN;
      all |= byte;
    }
    this.#at = end + 1;
    return all < FIRST_BEYOND_ASCII
      ? bytes.toString("latin1", start, end)
      : bytes.toString("utf8", start, end);
  }

  /** An integer from 0 to MAX_INTEGER. */
  integer(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let value = (bytes[at] ?? 0) - ZERO;
    if (value < 0 || value > 9) throw NOT_PLAIN;
    at++;
    if (value > 0) {
      let digit = (bytes[at] ?? 0) - ZERO;
      while (digit >= 0 && digit <= 9) {
        value = 10 * value + digit;
        digit = (bytes[++at] ?? 0) - ZERO;
      }
      if (value > MAX_INTEGER) throw NOT_PLAIN;
    }
    this.#at = at;
    return value;
  }

  /**
   * The id of a message, `server:seq:k`: the string, its server known by `servers`. The numbers
   * have no more digits than MAX_INTEGER.
   */
  id<Server>(servers: Words<Server>): Id<Server> {
    this.take(QUOTE);
    const bytes = this.#bytes;
    const start = this.#at;
    const end = this.#endOfString();
    const beforeK = this.#beforeNumber(end);
    const beforeSeq = this.#beforeNumber(beforeK);
    const server = servers.find(bytes, start, beforeSeq);
    if (server === undefined) throw NOT_PLAIN;
    this.#at = beforeSeq + 1;
    const seq = this.integer();
    this.#at = beforeK + 1;
    const k = this.integer();
    this.#at = end + 1;
    return { text: bytes.toString("latin1", start, end), server, seq, k };
  }

  #takesBare(word: Uint8Array): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[this.#at + i] !== word[i]) return false;
    }
    this.#at += word.length;
    return true;
  }

  /** Where the colon stands before a number, from 1, that ends at `end`. */
  #beforeNumber(end: number): number {
    const bytes = this.#bytes;
    let at = end - 1;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= ZERO + 9; byte = bytes[--at] ?? 0);
    if (at < this.#at || bytes[at] !== COLON || at === end - 1 || bytes[at + 1] === ZERO) {
      throw NOT_PLAIN;
    }
    return at;
  }

  /** Where the quote stands that ends the string at the cursor. */
  #endOfString(): number {
    const bytes = this.#bytes;
    let end = this.#at;
    for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[++end]) {
      if (byte === undefined || byte < SPACE) throw NOT_PLAIN;
    }
    return end;
  }
}

/** A message's id in its parts. */
export interface Id<Server> {
  readonly text: string;
  readonly server: Server;
  readonly seq: number;
  readonly k: number;
}

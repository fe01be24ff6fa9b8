/** The commands of the key-value store and their encoding as JSON. */

/** What a client can ask of the store. Values are text; a key without a value has `null`. */
export type Operation =
  | { readonly type: "get"; readonly key: string }
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "delete"; readonly key: string }
  | {
      readonly type: "compareAndSet";
      readonly key: string;
      /** The value that the key must have; null where it must have none. */
      readonly expected: string | null;
      readonly value: string;
    };

/**
 * A client opens a session. The secret, which nobody can guess, is chosen by the client, and each of
 * the session's commands carries it: the number of a session can be guessed.
 */
export interface RegisterCommand {
  readonly type: "register";
  readonly secret: string;
}

/**
 * As it was before there were secrets, `{"type":"register","nonce":"..."}`: a log may hold some, and
 * gives the same state as it did.
 */
export interface RegisterWithoutSecret {
  readonly type: "register";
  readonly secret: null;
}

/** An operation within a session. Sequence numbers of a session count up from 1. */
export interface SessionCommand {
  readonly session: number;
  /** As the session was registered with; absent where it was with none. */
  readonly secret?: string;
  readonly sequence: number;
  /**
   * The client has had the answers to all commands of the session before this one. Absent: to all
   * before this command, which is then the only one under way.
   */
  readonly lowestUnanswered?: number;
  readonly operation: Operation;
}

/** An operation outside of any session: it runs as often as it is in the log. */
export interface SingleCommand {
  readonly operation: Operation;
}

export type StoreCommand = RegisterCommand | SessionCommand | SingleCommand;

/** What an entry can hold. */
export type DecodedCommand = StoreCommand | RegisterWithoutSecret;

/** What can be asked without an entry in the log (§8). */
export type Query = Extract<Operation, { readonly type: "get" }>;

/** The most characters of a key or of a secret. */
export const MAX_KEY_LENGTH = 1024;

/** What the store takes as a key, or as a secret. */
export const KEY_FORM = `a text of 1 to ${MAX_KEY_LENGTH} characters`;

/** Whether the store takes a value as a key, or as a secret. */
export function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_KEY_LENGTH;
}

/** A command as the text that goes into a log entry. */
export function encodeCommand(command: StoreCommand): string {
  return JSON.stringify(command);
}

/**
 * The command that a log entry's text stands for.
 *
 * @returns what is wrong, as text, where it stands for none; the same text on every server
 */
export function decodeCommand(text: string): DecodedCommand | string {
  const value = parseJson(text);
  if (!isObject(value)) return "not a JSON object";
  if (value.type === "register") {
    if (value.secret === undefined && isKey(value.nonce)) return { type: "register", secret: null };
    if (!isKey(value.secret)) return `secret: ${KEY_FORM} is expected`;
    return { type: "register", secret: value.secret };
  }
  const isSingle = value.session === undefined && value.sequence === undefined;
  return isSingle ? decodeSingle(value) : decodeInSession(value);
}

function decodeSingle(value: Readonly<Record<string, unknown>>): SingleCommand | string {
  const operation = decodeOperation(value.operation);
  return typeof operation === "string" ? operation : { operation };
}

function decodeInSession(value: Readonly<Record<string, unknown>>): SessionCommand | string {
  const { session, secret, sequence, lowestUnanswered = sequence } = value;
  if (!isCount(session)) return "session: a positive integer is expected";
  if (secret !== undefined && !isKey(secret)) {
    return `secret: ${KEY_FORM} is expected`;
  }
  if (!isCount(sequence)) return "sequence: a positive integer is expected";
  if (!isCount(lowestUnanswered) || lowestUnanswered > sequence) {
    return "lowestUnanswered: a positive integer up to sequence is expected";
  }
  const operation = decodeOperation(value.operation);
  if (typeof operation === "string") return operation;
  const command = { session, sequence, lowestUnanswered, operation };
  return secret === undefined ? command : { ...command, secret };
}

/** A query as the text that a server is asked with. */
export function encodeQuery(query: Query): string {
  return JSON.stringify(query);
}

/** The query that a text stands for; what is wrong, as text, where it stands for none. */
export function decodeQuery(text: string): Query | string {
  const operation = decodeOperation(parseJson(text));
  if (typeof operation === "string") return operation;
  return operation.type === "get" ? operation : "type: only get can be asked without an entry";
}

function decodeOperation(value: unknown): Operation | string {
  if (!isObject(value)) return "operation: an object is expected";
  const { type, key } = value;
  if (!isKey(key)) return `operation.key: ${KEY_FORM} is expected`;
  switch (type) {
    case "get":
    case "delete":
      return { type, key };
    case "put":
      if (typeof value.value !== "string") return "operation.value: a text is expected";
      return { type, key, value: value.value };
    case "compareAndSet":
      if (typeof value.value !== "string") return "operation.value: a text is expected";
      if (value.expected !== null && typeof value.expected !== "string") {
        return "operation.expected: a text or null is expected";
      }
      return { type, key, expected: value.expected, value: value.value };
    default:
      return "operation.type: get, put, delete or compareAndSet is expected";
  }
}

/** undefined where the text is not JSON: the parser's own words differ between its versions. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

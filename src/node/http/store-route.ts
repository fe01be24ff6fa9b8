import {
  encodeCommand,
  encodeQuery,
  type Operation,
  type StoreAnswer,
} from "../../state-machine/index.ts";
import { errorReply, HttpError, type Reply } from "./reply.ts";

/** The methods of `/kv/KEY`. */
export const STORE_METHODS = ["GET", "HEAD", "PUT", "DELETE", "POST"] as const;

/** What a request to `/kv/KEY` asks of the store. Throws an HttpError. */
export function operationOf(method: string, key: string, body: string): Operation {
  switch (method) {
    case "PUT":
      return { type: "put", key, value: textOf(parseBody(body), "value") };
    case "DELETE":
      return { type: "delete", key };
    case "POST": {
      const { expected, ...rest } = parseBody(body);
      if (expected !== null && typeof expected !== "string") {
        throw new HttpError(400, 'expected: a text, or null for "no value", is expected');
      }
      return { type: "compareAndSet", key, expected, value: textOf(rest, "value") };
    }
    default:
      return { type: "get", key };
  }
}

/**
 * What a server is asked for an operation. A command is brought once, outside of any session: whether
 * to bring it again after an unknown outcome is for the one who sent the request to say.
 */
export function askedFor(operation: Operation): {
  readonly kind: "read" | "propose";
  readonly text: string;
} {
  if (operation.type === "get") return { kind: "read", text: encodeQuery(operation) };
  return { kind: "propose", text: encodeCommand({ operation }) };
}

/** The reply where the store has answered. */
export function storeReply(operation: Operation, answer: StoreAnswer): Reply {
  const { key } = operation;
  switch (answer.status) {
    case "done":
      return doneReply(operation, answer.value);
    case "different":
      return { status: 412, body: { key, isSet: false, value: answer.value } };
    case "malformed":
      return errorReply(400, answer.reason, false);
    case "registered":
    case "noSession":
    case "superseded":
    case "tooManyUnderWay":
      return errorReply(500, `the store answers ${answer.status}`, true);
  }
}

function doneReply({ type, key }: Operation, value: string | null): Reply {
  switch (type) {
    case "get":
      return { status: value === null ? 404 : 200, body: { key, value } };
    case "put":
    case "delete":
      return { status: 200, body: { key, previous: value } };
    case "compareAndSet":
      return { status: 200, body: { key, isSet: true, value } };
  }
}

function parseBody(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new HttpError(400, 'the body is no JSON: {"value":"..."} is expected');
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpError(400, 'the body is no JSON object: {"value":"..."} is expected');
  }
  return { ...value };
}

function textOf(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw new HttpError(400, `${name}: a text is expected`);
  return value;
}

import type { ServerResponse } from "node:http";

/** What the door answers to a request. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body: unknown;
}

/** A request that is answered by an error: thrown anywhere while it is looked at. */
export class HttpError extends Error {
  readonly reply: Reply;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "HttpError";
    this.reply = errorReply(status, message, false, headers);
  }
}

/** An answer that says what is wrong, and whether the command may have been executed all the same. */
export function errorReply(
  status: number,
  error: string,
  mayHaveBeenExecuted: boolean,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers, body: { error, mayHaveBeenExecuted } };
}

/** Sends the reply, unless the client has gone or was answered already. */
export function sendReply(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  if (response.headersSent || response.destroyed) return;
  const isText = typeof body === "string";
  const text = isText ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

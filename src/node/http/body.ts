import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./reply.ts";

export interface BodyLimits {
  /** The longest body. */
  readonly maxBodyBytes: number;
  /** How much of bodies may have come of all requests that have not come whole. */
  readonly maxArrivingBytes: number;
}

export const DEFAULT_ARRIVING_BYTES = 64 * 1024 * 1024;

/** Reads the bodies of requests, within bounds for each and for all that arrive at a time. */
export class Bodies {
  readonly #limits: BodyLimits;
  #arriving = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** The whole body. Rejects with an HttpError. */
  read(request: IncomingMessage): Promise<string> {
    const { maxBodyBytes } = this.#limits;
    const tooLong = new HttpError(413, `the body is longer than ${maxBodyBytes} bytes`);
    const tooMany = new HttpError(503, "too many bodies arrive: ask again", { "retry-after": "1" });
    if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) throw tooLong;
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      let length = 0;
      const release = (): void => {
        this.#arriving -= length;
        length = 0;
        pieces.length = 0;
      };
      const refuse = (fault: HttpError): void => {
        request.pause();
        release();
        reject(fault);
      };
      request.on("data", (piece: Buffer) => {
        if (request.isPaused()) return;
        length += piece.length;
        this.#arriving += piece.length;
        if (length > maxBodyBytes) refuse(tooLong);
        else if (this.#arriving > this.#limits.maxArrivingBytes) refuse(tooMany);
        else pieces.push(piece);
      });
      request.on("end", () => {
        const body = Buffer.concat(pieces);
        release();
        // What stands for no text is not made into another one.
        if (isUtf8(body)) resolve(body.toString("utf8"));
        else reject(new HttpError(400, "the body is no UTF-8"));
      });
      request.on("close", () => {
        release();
        reject(new HttpError(400, "the request was cut off"));
      });
    });
  }
}

/** One page, served to this machine alone. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandError, EXIT } from "../command.ts";

export interface Served {
  readonly url: string;
  close(): void;
}

/**
 * Serves a page on the loopback address.
 *
 * @param port 0 for a free one
 * @throws CommandError where the port cannot be had
 */
export async function servePage(page: string, port: number): Promise<Served> {
  const body = Buffer.from(page);
  const server = createServer((request, response) => {
    const isPage = request.url === "/" || request.url?.startsWith("/?") === true;
    if (!isPage || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(404, { "content-type": "text/plain" }).end("There is only / here.\n");
      return;
    }
    response
      .writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-length": body.length,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      })
      .end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((settle, refuse) => {
    server.once("error", (error) => {
      const reason = `port ${port} of 127.0.0.1 cannot be had (${error.message}): name another`;
      refuse(new CommandError(EXIT.environment, reason));
    });
    server.listen(port, "127.0.0.1", settle);
  });
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

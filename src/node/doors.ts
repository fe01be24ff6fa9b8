import { ClientDoor, type ClientDoorCounters } from "./client-door.ts";
import type { RunningServer } from "./door.ts";
import { HttpDoor } from "./http/door.ts";
import type { Metric } from "./http/metrics.ts";
import { silentLog } from "./log.ts";
import { commandCharactersOf, type NodeServerOptions } from "./options.ts";
import { TcpTransport } from "./transport/tcp.ts";
import type { Transport } from "./transport.ts";

/** By which clients come to a server: over TCP at its own address, and over HTTP where it is asked to. */
export class Doors {
  readonly #clients: ClientDoor | null;
  readonly #http: HttpDoor | null;

  private constructor(clients: ClientDoor | null, http: HttpDoor | null) {
    this.#clients = clients;
    this.#http = http;
  }

  /** Throws a SettingError where the HTTP door cannot be opened. */
  static async open(
    options: NodeServerOptions,
    server: RunningServer,
    transport: Transport,
    metrics: () => readonly Metric[],
  ): Promise<Doors> {
    const { id, servers, tls = null, http: addresses = null, log = silentLog } = options;
    const listen = addresses?.[id];
    const http =
      addresses === null || listen === undefined
        ? null
        : await HttpDoor.open({
            ...{ server, listen, tls, addresses, metrics, log },
            maxCommandCharacters: commandCharactersOf(options),
          });
    const clients =
      transport instanceof TcpTransport
        ? new ClientDoor({ transport, server, addresses: servers, log })
        : null;
    return new Doors(clients, http);
  }

  /** Where the HTTP door listens; null where there is none. */
  get httpAddress(): string | null {
    return this.#http?.address ?? null;
  }

  clientCounters(): ClientDoorCounters | null {
    return this.#clients?.counters() ?? null;
  }

  async close(): Promise<void> {
    this.#clients?.close();
    await this.#http?.close();
  }
}

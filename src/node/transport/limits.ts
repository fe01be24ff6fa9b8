/** Bounds on what a connection may take of memory and time. */
export interface TransportLimits {
  /** The longest frame; a longer message goes in fragments. */
  readonly maxFrameBytes: number;
  /** The longest request of a client; a longer one is refused, and not kept. */
  readonly maxRequestBytes: number;
  /** The longest message in fragments: a snapshot. */
  readonly maxMessageBytes: number;
  /** How much gathers for one receiver before messages to it are dropped. */
  readonly maxQueueBytes: number;
  /** The most connections at a time, strangers included. */
  readonly maxConnections: number;
  /** The most clients: what is left of the connections is for servers. */
  readonly maxClients: number;
  /** The most connections that have not said who they are; the oldest of the busiest address goes first. */
  readonly maxHandshakes: number;
  /** How long a connection may take until both sides know who the other is. */
  readonly handshakeMilliseconds: number;
  /** A connection whose other end gives no sign of life for so long is ended. */
  readonly silenceMilliseconds: number;
  /** How long to wait before dialling again: at first, and at the most. */
  readonly redialMilliseconds: readonly [first: number, most: number];
}

/** The most characters of a command or query that a server takes, unless it is told otherwise. */
export const MAX_COMMAND_CHARACTERS = 1024 * 1024;

/** What is told of a command or query that has more. */
export function commandTooLong(characters: number): string {
  return `the command is longer than ${characters} characters`;
}

/**
 * The bytes of a body over HTTP whose command has so many characters: each is written as \uXXXX at
 * the most, and there is some room for spaces.
 */
export function bodyBytes(characters: number): number {
  return 6 * characters + 1024;
}

/** The bytes of a request with so many characters, each of three bytes at the most, and its header. */
export function requestBytes(characters: number): number {
  return 3 * characters + 64;
}

/** A client whose request is longer than this is disconnected; up to it, it is told. */
export const MAX_REFUSED_BYTES = 256 * 1024 * 1024;

export const DEFAULT_LIMITS: TransportLimits = {
  maxFrameBytes: 1024 * 1024,
  maxRequestBytes: requestBytes(MAX_COMMAND_CHARACTERS),
  maxMessageBytes: 512 * 1024 * 1024,
  maxQueueBytes: 8 * 1024 * 1024,
  maxConnections: 4096,
  maxClients: 3968,
  maxHandshakes: 64,
  handshakeMilliseconds: 5000,
  silenceMilliseconds: 5000,
  redialMilliseconds: [20, 1000],
};

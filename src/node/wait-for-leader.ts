import type { ServerId } from "../core/index.ts";
import { SettingError } from "./address.ts";
import type { ServerStatus } from "./door.ts";
import { faultOf, MILLISECONDS, type SettingsOf } from "./settings.ts";

/** A server knew of no leader in time, or has stopped. */
export class NoLeader extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoLeader";
  }
}

export interface WaitOptions {
  /** How long to wait; absent: ten seconds. */
  readonly timeoutMilliseconds?: number;
}

const SETTINGS: SettingsOf<WaitOptions> = { timeoutMilliseconds: MILLISECONDS };

/** Much less than an election takes; nobody else has to tell who waits. */
const LOOK_MILLISECONDS = 5;

/** Of the server that is asked. */
export interface Asked {
  status(): ServerStatus;
  /** Why it stopped: null where it was told to. Absent while it runs. */
  ending(): Error | null | undefined;
}

/**
 * The leader, as soon as the server knows of one.
 *
 * @throws SettingError for a time that cannot be; NoLeader
 */
export async function waitForLeader(server: Asked, options: WaitOptions): Promise<ServerId> {
  const fault = faultOf(SETTINGS, options);
  if (fault !== null) throw new SettingError(`${fault}.`);
  const { timeoutMilliseconds = 10_000 } = options;
  const deadline = performance.now() + timeoutMilliseconds;
  for (;;) {
    const { id, knownLeader, currentTerm } = server.status();
    const ending = server.ending();
    if (ending !== undefined) throw new NoLeader(endedText(id, ending));
    if (knownLeader !== null) return knownLeader;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new NoLeader(
        `server ${id} knew of no leader within ${timeoutMilliseconds} ms (term ${currentTerm}): more than half of the servers have to run and reach one another.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, LOOK_MILLISECONDS)));
  }
}

function endedText(id: ServerId, ending: Error | null): string {
  return `server ${id} ${ending === null ? "was stopped" : `has ended: ${ending.message}`}`;
}

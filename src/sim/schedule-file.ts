import { MAX_SERVERS } from "./cluster.ts";
import { calmDials, type Dials } from "./dials.ts";
import { forgetRule } from "./forgotten-rules.ts";
import { formatMove, type Move, parseMove } from "./moves.ts";
import type { Schedule } from "./schedule.ts";

const FORMAT = "lockstep-schedule";
const VERSION = 1;
const FIELDS = ["format", "version", "forgotten", "dials", "moves"];

/** A schedule's text is not one: what is wrong with it. */
export class ScheduleFormatError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ScheduleFormatError";
  }
}

/** A schedule as a JSON text that a person can read and change, a line a move. */
export function formatSchedule(schedule: Schedule): string {
  const { dials, forgotten, moves } = schedule;
  const document = {
    format: FORMAT,
    version: VERSION,
    forgotten,
    dials,
    moves: moves.map(formatMove),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * The schedule that a text stands for. Dials that it does not name are those of a calm
 * cluster.
 *
 * @throws ScheduleFormatError for a text that is none
 */
export function parseSchedule(text: string): Schedule {
  const document = parseObject(text);
  if (document.format !== FORMAT) {
    throw new ScheduleFormatError(`it is no schedule: "format" is not "${FORMAT}"`);
  }
  if (document.version !== VERSION) {
    throw new ScheduleFormatError(
      `its version is ${JSON.stringify(document.version)}, and only ${VERSION} is known`,
    );
  }
  for (const name of Object.keys(document)) {
    if (!FIELDS.includes(name)) throw new ScheduleFormatError(`"${name}" is no field of it`);
  }
  const dials = parseDials(document.dials);
  const forgotten = parseForgotten(document.forgotten);
  const moves = parseMoves(document.moves);
  checkServers(moves, dials.servers);
  return { dials, forgotten, moves };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ScheduleFormatError("it is not JSON");
  }
  if (!isObject(value)) throw new ScheduleFormatError("it is not a JSON object");
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseForgotten(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === "string" && forgetRule(value) !== null) return value;
  throw new ScheduleFormatError(`"forgotten": ${JSON.stringify(value)} is no rule, nor null`);
}

function parseDials(value: unknown): Dials {
  if (!isObject(value)) throw new ScheduleFormatError('"dials": an object is expected');
  for (const [name, setting] of Object.entries(value)) {
    if (!(name in calmDials)) throw new ScheduleFormatError(`"dials.${name}" is no dial`);
    const isRight =
      typeof calmDials[name as keyof Dials] === "boolean"
        ? typeof setting === "boolean"
        : typeof setting === "number" && Number.isSafeInteger(setting) && setting >= 0;
    if (isRight) continue;
    throw new ScheduleFormatError(`"dials.${name}": ${JSON.stringify(setting)} is no setting`);
  }
  const dials: Dials = { ...calmDials, ...value };
  if (dials.servers < 1 || dials.servers > MAX_SERVERS) {
    throw new ScheduleFormatError(`"dials.servers": 1 to ${MAX_SERVERS} are expected`);
  }
  for (const name of [
    "keys",
    "maxSessions",
    "maxEntriesPerRequest",
    "maxRequestsInFlight",
    "maxEntriesPerApply",
  ] as const) {
    if (dials[name] < 1) throw new ScheduleFormatError(`"dials.${name}": 1 or more is expected`);
  }
  return dials;
}

/** A move of a server that the cluster does not have could never be made. */
function checkServers(moves: readonly Move[], servers: number): void {
  moves.forEach((move, place) => {
    const named =
      move.type === "deliver" ? [move.from, move.to] : "server" in move ? [move.server] : [];
    if (named.every((server) => server < servers)) return;
    throw new ScheduleFormatError(
      `"moves", number ${place + 1}: "${formatMove(move)}" names a server beyond s${servers} (dials.servers)`,
    );
  });
}

function parseMoves(value: unknown): readonly Move[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new ScheduleFormatError('"moves": a list of one move or more is expected');
  }
  return value.map((line: unknown, place) => {
    const move = typeof line === "string" ? parseMove(line) : null;
    if (move !== null) return move;
    throw new ScheduleFormatError(
      `"moves", number ${place + 1}: ${JSON.stringify(line)} is no move ` +
        '(one is, for example, "deliver s1 to s2 RequestVoteRequest")',
    );
  });
}

import { deltaDebug } from "./delta-debugging.ts";
import type { Dials } from "./dials.ts";
import type { Move } from "./moves.ts";
import type { Schedule } from "./schedule.ts";

/** Says of each schedule whether it still fails in the same way. */
export type Failing = (schedules: readonly Schedule[]) => Promise<readonly boolean[]>;

/**
 * Makes a failing schedule as short and as plain as it can, by leaving moves out and by
 * replacing what is left with something plainer, for as long as it still fails.
 *
 * @param failing must be true of `schedule`
 * @param batchSize how many candidates to judge at a time
 */
export async function shrinkSchedule(
  schedule: Schedule,
  failing: Failing,
  batchSize: number,
): Promise<Schedule> {
  let best = schedule;
  for (;;) {
    const before = sizeOf(best);
    best = await shorten(best, failing, batchSize);
    best = await makePlainer(best, failing, batchSize);
    if (sizeOf(best) >= before) return await renameServers(best, failing);
  }
}

async function shorten(schedule: Schedule, failing: Failing, batchSize: number): Promise<Schedule> {
  const fails = (candidates: readonly (readonly Move[])[]) =>
    failing(candidates.map((moves) => ({ ...schedule, moves })));
  const moves = await deltaDebug(schedule.moves, fails, batchSize);
  return { ...schedule, moves };
}

/** Smaller is plainer; what cannot be left out can still be held, aged, or of many clients. */
function sizeOf(schedule: Schedule): number {
  let size = 1000 * schedule.moves.length;
  for (const move of schedule.moves) {
    if ("held" in move && move.held) size++;
    if (move.type === "deliver") size += Math.min(move.age, 99);
    if (move.type === "ask") size += move.clients.length;
    if (move.type === "crash") size += Math.min(move.survive, 99);
  }
  return size;
}

/** Takes for each move the plainest of its kind that still fails. */
async function makePlainer(
  schedule: Schedule,
  failing: Failing,
  batchSize: number,
): Promise<Schedule> {
  let best = schedule;
  const pending = schedule.moves.flatMap((move, place) =>
    plainerMoves(move).map((plainer) => ({ place, plainer })),
  );
  while (pending.length > 0) {
    const batch = pending.splice(0, batchSize);
    const candidates = batch.map(({ place, plainer }) => replaceMove(best, place, plainer));
    const verdicts = await failing(candidates);
    for (const [at, { place, plainer }] of batch.entries()) {
      if (verdicts[at] !== true) continue;
      const together = replaceMove(best, place, plainer);
      if (sizeOf(together) >= sizeOf(best)) continue;
      const [stillFails] = await failing([together]);
      if (stillFails === true) best = together;
    }
  }
  return best;
}

function replaceMove(schedule: Schedule, place: number, move: Move): Schedule {
  return { ...schedule, moves: schedule.moves.with(place, move) };
}

/** What could stand for a move, the plainest first. */
function plainerMoves(move: Move): readonly Move[] {
  switch (move.type) {
    case "timeout":
    case "heartbeat":
    case "compact":
      return move.held ? [{ ...move, held: false }] : [];
    case "deliver": {
      const ages = [0, Math.floor(move.age / 2), move.age - 1].filter((age) => age < move.age);
      const younger = [...new Set(ages)].filter((age) => age >= 0).map((age) => ({ ...move, age }));
      return move.held ? [{ ...move, held: false }, ...younger] : younger;
    }
    case "ask": {
      const single = move.clients.map((client) => ({ ...move, clients: [client] }));
      const fewer = move.clients.length > 1 ? single : [];
      return move.held ? [{ ...move, held: false }, ...fewer] : fewer;
    }
    case "crash":
      return move.survive > 0 ? [{ ...move, survive: 0 }] : [];
    case "answer":
    case "persist":
    case "restart":
      return [];
  }
}

/** Numbers the servers in the order in which they appear, and drops those that do not. */
async function renameServers(schedule: Schedule, failing: Failing): Promise<Schedule> {
  const order: number[] = [];
  for (const move of schedule.moves) {
    for (const place of serversOf(move)) if (!order.includes(place)) order.push(place);
  }
  const moves = schedule.moves.map((move) => withServers(move, (place) => order.indexOf(place)));
  const sizes: number[] = [];
  for (let servers = Math.max(1, order.length); servers <= schedule.dials.servers; servers++) {
    sizes.push(servers);
  }
  const candidates = sizes.map((servers) => ({
    ...schedule,
    dials: withSize(schedule.dials, servers),
    moves,
  }));
  const verdicts = await failing(candidates);
  return candidates.find((_, at) => verdicts[at] === true) ?? schedule;
}

function withSize(dials: Dials, servers: number): Dials {
  const downForGood = Math.min(dials.downForGood, Math.floor((servers - 1) / 2));
  return { ...dials, servers, downForGood };
}

function serversOf(move: Move): readonly number[] {
  switch (move.type) {
    case "deliver":
      return [move.from, move.to];
    case "answer":
      return [];
    default:
      return [move.server];
  }
}

function withServers(move: Move, rename: (place: number) => number): Move {
  switch (move.type) {
    case "deliver":
      return { ...move, from: rename(move.from), to: rename(move.to) };
    case "answer":
      return move;
    default:
      return { ...move, server: rename(move.server) };
  }
}

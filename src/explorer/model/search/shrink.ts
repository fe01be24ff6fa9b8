/** Leaves out of a walk what it does not take, and gives what is left plain names. */
import type { ServerId } from "../../../core/index.ts";
import { deltaDebug } from "../../../sim/delta-debugging.ts";
import { Random } from "../../../sim/random.ts";
import type { TraceMessage } from "../../../trace/format.ts";
import type { Choice } from "../move.ts";
import { drawDials } from "./dials.ts";
import type { Start } from "./start.ts";
import { type IsWanted, Trial } from "./trial.ts";
import { type TrialStep, Walk } from "./walk.ts";

type Steps = readonly TrialStep[];

/**
 * The fewest steps of those given after which what is looked for still falls: none of them can be
 * left out.
 *
 * @param breathe awaited before each try
 */
export async function shrink(
  start: Start,
  steps: Steps,
  rule: string,
  isWanted: IsWanted,
  breathe: () => Promise<unknown>,
): Promise<Steps> {
  /** Those of the steps that can be taken, if it falls then; null where it does not. */
  const again = (candidate: Steps): Steps | null => {
    const trial = new Trial(start, rule, isWanted);
    const random = new Random(0);
    const walk = new Walk(trial, drawDials(random, "Raft", false), random, candidate);
    return trial.fallen === null ? null : walk.steps;
  };
  const fails = async (candidates: readonly Steps[]): Promise<readonly boolean[]> => {
    await breathe();
    return candidates.map((candidate) => again(candidate) !== null);
  };
  const fewest = again(await deltaDebug(steps, fails, 1)) ?? steps;
  return again(withPlainNames(start, fewest)) ?? fewest;
}

/** Commands are x1, x2, ...; and in a new cluster s1 acts first, then s2. */
function withPlainNames(start: Start, steps: Steps): Steps {
  const servers = start.steps.length === 0 ? inOrderOfTheirSteps(start, steps) : start.servers;
  const rename = (server: ServerId): ServerId => start.servers[servers.indexOf(server)] ?? server;
  const known = new Set(start.steps.map(({ choice }) => choice.command));
  let commands = 0;
  const nextCommand = (): string => {
    do commands++;
    while (known.has(`x${commands}`));
    return `x${commands}`;
  };
  return steps.map(({ choice, message, age }) => ({
    choice: {
      ...renamed(choice, rename),
      command: choice.command === null ? null : nextCommand(),
    },
    message:
      message === null
        ? null
        : ({ ...message, from: rename(message.from), to: rename(message.to) } as TraceMessage),
    age,
  }));
}

function renamed(choice: Choice, rename: (server: ServerId) => ServerId): Choice {
  const { server, slice, peer } = choice;
  return {
    ...choice,
    server: rename(server),
    slice: slice === null ? null : { ...slice, peer: rename(slice.peer) },
    peer: peer === null ? null : rename(peer),
  };
}

function inOrderOfTheirSteps({ servers }: Start, steps: Steps): readonly ServerId[] {
  return [...new Set([...steps.map(({ choice }) => choice.server), ...servers])];
}

/** All lessons, in the order in which to read them. */
import { betterTerm, election, rememberedVote, splitVote } from "./elections.ts";
import { figure8, figure8Forgotten, figure8Saved } from "./figure-8.ts";
import type { Lesson } from "./lesson.ts";
import { twoLeaders } from "./partition.ts";
import { reads } from "./reads.ts";
import { deposedTail, figure7, lostMessage, replication, slowFollower } from "./replication.ts";
import { snapshots } from "./snapshots.ts";

export const LESSONS: readonly Lesson[] = [
  election,
  splitVote,
  betterTerm,
  replication,
  slowFollower,
  lostMessage,
  deposedTail,
  figure7,
  figure8,
  figure8Forgotten,
  figure8Saved,
  rememberedVote,
  twoLeaders,
  snapshots,
  reads,
];

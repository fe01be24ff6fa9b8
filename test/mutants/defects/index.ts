import type { Defect } from "../defect.ts";
import { clientDefects } from "./clients.ts";
import { commitmentDefects } from "./commitment.ts";
import { electionDefects } from "./elections.ts";
import { progressDefects } from "./progress.ts";
import { replicationDefects } from "./replication.ts";
import { storageDefects } from "./storage.ts";

export interface Chapter {
  readonly title: string;
  readonly defects: readonly Defect[];
}

/** All defects, in the order of the paper. */
export const CHAPTERS: readonly Chapter[] = [
  { title: "Elections (5.1, 5.2, 5.4.1)", defects: electionDefects },
  { title: "Replication (5.3)", defects: replicationDefects },
  { title: "Commitment (5.3, 5.4.2)", defects: commitmentDefects },
  { title: "Stable storage (Figure 2)", defects: storageDefects },
  { title: "Clients (8)", defects: clientDefects },
  { title: "Progress (5.2, 5.3, 5.6)", defects: progressDefects },
];

export const DEFECTS: readonly Defect[] = CHAPTERS.flatMap(({ defects }) => defects);

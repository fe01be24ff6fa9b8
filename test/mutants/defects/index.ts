import type { Defect, TestedDefect } from "../defect.ts";
import { clientDefects } from "./clients.ts";
import { commitmentDefects } from "./commitment.ts";
import { diskDefects } from "./disks.ts";
import { electionDefects } from "./elections.ts";
import { extensionDefects } from "./extensions.ts";
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
  { title: "Snapshots and reads (7, 8)", defects: extensionDefects },
  { title: "Clients (8)", defects: clientDefects },
  { title: "Progress (5.2, 5.3, 5.6)", defects: progressDefects },
];

export interface TestedChapter {
  readonly title: string;
  readonly defects: readonly TestedDefect[];
}

/** Those in what the simulator does not run: the tests of these parts must see them. */
export const TESTED_CHAPTERS: readonly TestedChapter[] = [
  { title: "Real disks", defects: diskDefects },
];

export const TESTED_DEFECTS: readonly TestedDefect[] = TESTED_CHAPTERS.flatMap(
  ({ defects }) => defects,
);

export const DEFECTS: readonly Defect[] = CHAPTERS.flatMap(({ defects }) => defects);

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a name means: a sentence, and where the paper says it. */
export interface Meaning {
  readonly sentence: string;
  /** Of the Raft paper; empty for what is not of the paper. */
  readonly section: string;
}

/** The meanings of all names that a divergence can carry. */
export type Words = ReadonlyMap<string, Meaning>;

/** The properties of `spec/RaftProperties.tla`, and `TypeOK`. */
const PROPERTIES: Readonly<Record<string, Meaning>> = {
  TypeOK: { section: "", sentence: "Every variable has a value of its type." },
  ElectionSafety: {
    section: "5.2",
    sentence: "At most one leader can be elected in a given term.",
  },
  LeaderAppendOnly: {
    section: "5.3",
    sentence: "A leader never overwrites or deletes entries in its log; it only appends.",
  },
  LogMatching: {
    section: "5.3",
    sentence:
      "If two logs contain an entry with the same index and term, they are identical up to it.",
  },
  LeaderCompleteness: {
    section: "5.4",
    sentence: "A committed entry is in the logs of the leaders of all later terms.",
  },
  StateMachineSafety: {
    section: "5.4.3",
    sentence: "No two servers take different entries for committed at the same index.",
  },
  AppliedEntriesAgree: {
    section: "5.4.3",
    sentence: "Servers that have applied an entry at an index hold the same entry there.",
  },
  OneVoteATerm: {
    section: "5.2",
    sentence: "A server votes for at most one candidate in a term.",
  },
  TermGrows: { section: "5.1", sentence: "The current term never goes back." },
  TermsBeginWithElections: {
    section: "5.1",
    sentence: "Terms are consecutive, and each begins with an election.",
  },
  LeaderVotedForItself: {
    section: "5.2",
    sentence: "A candidate and a leader have voted for themselves.",
  },
  FollowersIssueNoRequests: { section: "5.1", sentence: "Followers issue no requests." },
  CommittedOnMajority: {
    section: "5.3",
    sentence: "A committed entry stays on a majority of the servers.",
  },
  OnlyOwnTermIsCounted: {
    section: "5.4.2",
    sentence: "Only entries of the leader's own term are committed by counting replicas.",
  },
  CommitIndexGrows: {
    section: "5 (Figure 2)",
    sentence: "The commit index never goes back, but for a restart.",
  },
  LastAppliedGrows: {
    section: "5 (Figure 2)",
    sentence: "What is applied never goes back, but for a restart.",
  },
  AppliedIsCommitted: { section: "5.3", sentence: "Entries are applied only once committed." },
  CommitIndexWithinLog: {
    section: "5.3",
    sentence: "No server's log is shorter than what it takes for committed.",
  },
  MatchIndexIsTrue: {
    section: "5 (Figure 2)",
    sentence: "An entry that a leader counts on a server is there.",
  },
  MatchIndexGrows: {
    section: "5 (Figure 2)",
    sentence: "matchIndex never goes back while its leader leads.",
  },
  NextIndexAboveMatchIndex: {
    section: "5 (Figure 2)",
    sentence: "nextIndex is above matchIndex and at most one past the end of the log.",
  },
};

/** The guards of `spec/Raft.tla` that are no rules; see `Guards` in `spec/TraceRaft.tla`. */
const GUARDS: Readonly<Record<string, Meaning>> = {
  role: { section: "5.1", sentence: "The action belongs to another role." },
  index: {
    section: "5.3",
    sentence: "The index must be of the log, and above the one reached so far.",
  },
  CanReceive: { section: "5.1", sentence: "Only a message that was sent can be received." },
  type: { section: "5.1", sentence: "Each action handles messages of one type." },
  to: { section: "5.1", sentence: "A message goes from one server to another of the cluster." },
  LastTerm: {
    section: "8",
    sentence: "The empty entry begins the leader's term: the log has no entry of the term yet.",
  },
  prevLogIndex: {
    section: "5.3",
    sentence: "A leader sends only entries that its log holds.",
  },
  received: { section: "5.1", sentence: "Only a message that was sent can be received." },
};

/** What the names of properties, guards and rules mean; the rules are those of spec/rules.json. */
export async function readWords(packageFolder: string): Promise<Words> {
  const text = await readFile(join(packageFolder, "spec", "rules.json"), "utf8");
  const parsed: unknown = JSON.parse(text);
  return new Map([
    ...Object.entries(GUARDS),
    ...Object.entries(PROPERTIES),
    ...rulesOf(parsed).map((rule): [string, Meaning] => [rule.name, rule]),
  ]);
}

function rulesOf(parsed: unknown): readonly (Meaning & { readonly name: string })[] {
  const isTable = typeof parsed === "object" && parsed !== null && "rules" in parsed;
  if (!isTable || !Array.isArray(parsed.rules)) {
    throw new TypeError("spec/rules.json holds no list of rules");
  }
  return parsed.rules.map((rule: unknown) => {
    if (
      typeof rule === "object" &&
      rule !== null &&
      "name" in rule &&
      "section" in rule &&
      "sentence" in rule
    ) {
      return {
        name: String(rule.name),
        section: String(rule.section),
        sentence: String(rule.sentence),
      };
    }
    throw new TypeError("spec/rules.json holds a rule without name, section or sentence");
  });
}

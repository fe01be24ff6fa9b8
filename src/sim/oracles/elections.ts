import { withArticle } from "../../trace/counted.ts";
import type { StepRecord } from "../step-record.ts";
import type { ClusterView, ServerView } from "./cluster-view.ts";

/** What Raft promises of terms, votes and leaders, checked on one step. */
export function checkElections(view: ClusterView, before: ServerView, after: StepRecord): void {
  if (after.action === "BecomeLeader") checkElectionSafety(view, after);
  if (after.currentTerm !== before.currentTerm) checkTerm(view, before, after);
  else if (before.votedFor !== null && after.votedFor !== before.votedFor) {
    const name = view.names[after.place];
    const voted = `${name} voted for ${before.votedFor} in term ${after.currentTerm}`;
    const now = after.votedFor === null ? "has no vote" : `votes for ${after.votedFor}`;
    view.verdict.fail("OneVoteATerm", `${voted} and now ${now}`);
  }
  if (after.role !== "Follower" && after.votedFor !== view.names[after.place]) {
    const name = view.names[after.place];
    view.verdict.fail(
      "LeaderVotedForItself",
      `${name} is a ${after.role} of term ${after.currentTerm} and its vote is ${after.votedFor}`,
    );
  }
  if (after.sent.length > 0 && after.role === "Follower") checkPassive(view, after);
}

/** At most one leader can be elected in a given term (Figure 3). */
function checkElectionSafety(view: ClusterView, after: StepRecord): void {
  const elected = view.leaders.get(after.currentTerm);
  if (elected !== undefined && elected !== after.place) {
    view.verdict.fail(
      "ElectionSafety",
      `term ${after.currentTerm} has the leaders ${view.names[elected]} and ${view.names[after.place]}`,
    );
  }
  view.leaders.set(after.currentTerm, after.place);
}

/** Terms only grow, and each begins with an election (§5.1). */
function checkTerm(view: ClusterView, before: ServerView, after: StepRecord): void {
  const name = view.names[after.place];
  if (after.currentTerm < before.currentTerm) {
    view.verdict.fail(
      "TermGrows",
      `the term of ${name} went from ${before.currentTerm} back to ${after.currentTerm}`,
    );
  }
  if (after.currentTerm <= view.highestTerm) return;
  if (after.currentTerm === view.highestTerm + 1 && after.role === "Candidate") return;
  view.verdict.fail(
    "TermsBeginWithElections",
    `${name} came to term ${after.currentTerm} as a ${after.role}; the highest before was ${view.highestTerm}`,
  );
}

/** Followers are passive: they issue no requests (§5.1). */
function checkPassive(view: ClusterView, after: StepRecord): void {
  for (const message of after.sent) {
    if (!message.type.endsWith("Response")) {
      view.verdict.fail(
        "FollowersIssueNoRequests",
        `the follower ${view.names[after.place]} sent ${withArticle(message.type)}`,
      );
    }
  }
}

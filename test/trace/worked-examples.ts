import {
  eventLine,
  headerLine,
  RAFT_VARIABLES,
  type TraceEvent,
  type TraceVariable,
  VARIABLES,
} from "../../src/trace/index.ts";
import { RecordedCluster } from "./recorded-cluster.ts";

/**
 * The worked executions of spec/TRACE.md: the core taken through them by hand, and what it
 * then writes. Each is a file under spec/examples.
 */

const SERVERS = ["s1", "s2", "s3"];

const FIELDS = {
  servers: SERVERS,
  variables: RAFT_VARIABLES as readonly TraceVariable[],
  implementation: { name: "worked-example", version: "1" },
};

/**
 * Two servers stand for election in term 1. The third votes for one of them, the vote is
 * lost, and neither wins. In term 2 one wins, and begins its term with an empty entry.
 */
function election(): RecordedCluster {
  const cluster = new RecordedCluster(SERVERS);
  cluster.timeout("s1");
  cluster.timeout("s2");
  cluster.deliverBetween("s1", "s3");
  cluster.loseFrom("s3");
  cluster.deliverAll();
  cluster.timeout("s1");
  cluster.deliverAll();
  cluster.heartbeat("s1");
  cluster.deliverAll();
  return cluster;
}

/**
 * A leader takes commands. One follower misses a request, refuses the next one, which no
 * longer fits its log, and is brought up to date; a request that comes twice does no harm.
 */
function replication(): RecordedCluster {
  const cluster = new RecordedCluster(SERVERS, { appendsNoOp: false });
  cluster.timeout("s1");
  cluster.deliverAll();
  cluster.propose("s1", "put x 1");
  cluster.loseTo("s3");
  cluster.deliverAll();
  cluster.propose("s1", "put x 2", "put y 1");
  cluster.repeatTo("s2");
  cluster.deliverAll();
  cluster.heartbeat("s1");
  cluster.deliverAll();
  return cluster;
}

/**
 * A leader crashes with a command that nobody else has. Another server leads the next term
 * and commits its own entry in that place. The first one comes back with what was on its
 * disk, and its entry gives way.
 */
function crashAndRestart(): RecordedCluster {
  const cluster = new RecordedCluster(SERVERS);
  cluster.timeout("s1");
  cluster.deliverAll();
  cluster.propose("s1", "put x 1");
  cluster.loseFrom("s1");
  cluster.timeout("s2");
  cluster.deliverAll(["s1"]);
  cluster.loseTo("s1");
  cluster.crash("s1");
  cluster.heartbeat("s2");
  cluster.deliverAll();
  cluster.heartbeat("s2");
  cluster.deliverAll();
  return cluster;
}

/**
 * A leader compacts its log while a follower is away, and sends it the snapshot when it is back.
 * Then the follower restarts from that snapshot.
 */
function snapshots(): RecordedCluster {
  const cluster = new RecordedCluster(SERVERS);
  cluster.timeout("s1");
  cluster.deliverAll(["s3"]);
  cluster.loseTo("s3");
  cluster.propose("s1", "put x 1", "put x 2");
  cluster.deliverAll(["s3"]);
  cluster.compact("s1", 2);
  cluster.loseTo("s3");
  cluster.heartbeat("s1");
  cluster.deliverAll();
  cluster.crash("s3");
  cluster.heartbeat("s1");
  cluster.deliverAll();
  return cluster;
}

/** A leader is asked to read, has itself confirmed by a majority, and answers. */
function reads(): RecordedCluster {
  const cluster = new RecordedCluster(SERVERS);
  cluster.timeout("s1");
  cluster.deliverAll();
  cluster.read("s1");
  cluster.deliverAll();
  return cluster;
}

function linesOf(
  cluster: RecordedCluster,
  note: string,
  variables: readonly TraceVariable[] = FIELDS.variables,
): string {
  return headerLine({ ...FIELDS, variables, note }) + cluster.events.map(eventLine).join("");
}

/** The file of one server of an execution, as the server itself would write it. */
function ownLinesOf(events: readonly TraceEvent[], server: string): string {
  const header = headerLine({ ...FIELDS, server, execution: "worked-example-1" });
  return (
    header +
    events
      .filter((event) => event.server === server)
      .map(eventLine)
      .join("")
  );
}

/** The files under spec/examples by their paths, with their content. */
export function workedExamples(): ReadonlyMap<string, string> {
  const restarted = crashAndRestart();
  return new Map([
    ["election.ndjson", linesOf(election(), "A split vote, then an election that is won")],
    ["replication.ndjson", linesOf(replication(), "Commands, a lost request, a repeated one")],
    ["crash-and-restart.ndjson", linesOf(restarted, "A leader's uncommitted entry gives way")],
    ["snapshots.ndjson", linesOf(snapshots(), "A snapshot for who was away", VARIABLES)],
    ["reads.ndjson", linesOf(reads(), "A read without a log entry", VARIABLES)],
    ...SERVERS.map((server): [string, string] => [
      `a-file-a-server/${server}.ndjson`,
      ownLinesOf(restarted.events, server),
    ]),
  ]);
}

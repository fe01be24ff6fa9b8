import { Log } from "./log.ts";
import { completeStep, createServer, type Server, type ServerOptions } from "./server.ts";
import type { PersistentState } from "./types.ts";

/**
 * A server comes back from stable storage after a crash. A killed process logs nothing,
 * so that this one step stands for the crash too.
 *
 * @action Restart §5 Figure 2
 * @returns a follower that remembers what was durable, and nothing else
 */
export function restart(options: ServerOptions, stored: PersistentState): Server {
  const server = createServer(options);
  const { rules } = server;
  server.currentTerm = rules.recoveredCurrentTerm(stored);
  server.votedFor = rules.recoveredVotedFor(stored);
  server.log = new Log(rules.recoveredLog(stored));
  server.logChangedFrom = 1;
  completeStep(server, "Restart", {});
  return server;
}

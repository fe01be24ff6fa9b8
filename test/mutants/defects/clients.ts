import { type Defect, gitHub } from "../defect.ts";

/** What clients are answered, and the state machine behind it: section 8. */
export const clientDefects: readonly Defect[] = [
  {
    name: "ReadsFromWhoeverLeads",
    does: "A server that believes to lead answers reads from its own state, though another may lead by now.",
    kind: "safety",
    sources: [
      gitHub("hashicorp/consul", 54),
      gitHub("adjoint-io/raft", 41),
      gitHub("deventlab/d-engine", 381),
      gitHub("RedisLabs/redisraft", 28),
    ],
    planted: [
      {
        file: "src/sim/world.ts",
        find: "      if (request.query !== null && canRead(server)) {\n",
        by: `      if (request.query !== null && server.role === "Leader") {
        const answer = host.machine.query(request.query);
        if (this.clients.post(client, request.number, answer)) this.answered.push(client);
        return;
      }
      if (request.query !== null && canRead(server)) {
`,
      },
      {
        file: "src/sim/world.ts",
        find: '    if (commands.length + readers.length === 0) return { type: "unheard" };\n',
        by: `    if (commands.length + readers.length === 0) {
      return { type: this.answered.length > 0 ? "taken" : "unheard" };
    }
`,
      },
    ],
    seenBy: "oracles",
    because: "A read that takes no step of Raft is in no trace: only its client can tell.",
  },
  {
    name: "RunsRetriesAgain",
    does: "A command that its client repeats, having had no answer, is run again.",
    kind: "safety",
    sources: [
      gitHub("rabbitmq/khepri", 250),
      gitHub("xline-kv/Xline", 88),
      gitHub("CurvineIO/curvine", 676),
    ],
    planted: [
      {
        file: "src/state-machine/sessions.ts",
        find: "    if (known !== undefined) return known;\n",
        by: "",
      },
    ],
    seenBy: "oracles",
    because: "Raft replicates commands and does not know what they mean: the trace is right.",
  },
  {
    name: "RunsTheLogAgainAfterARestart",
    does: "The state machine outlives a crash, and the log is run on it once more from the beginning.",
    kind: "safety",
    sources: [gitHub("shaj13/raft", 27), gitHub("baidu/braft", 121)],
    planted: [
      {
        file: "src/sim/host.ts",
        find: "    this.readers.clear();\n    this.machine = new KeyValueStore({ maxSessions: this.#options.maxSessions });\n",
        by: "    this.readers.clear();\n",
      },
    ],
    seenBy: "oracles",
    because: "What a state machine holds is no variable of Raft: the trace is right.",
  },
  {
    name: "AnswersForAnotherCommand",
    does: "A server answers whoever waits for an index, whatever command came to stand there.",
    kind: "safety",
    sources: [gitHub("Hoverbear/old-raft-rs", 115)],
    planted: [
      {
        file: "src/sim/world.ts",
        find: "      if (answer === null || waiting.command !== entry.command) continue;\n",
        by: "      if (answer === null) continue;\n",
      },
    ],
    seenBy: "oracles",
    because: "Whom a server answers is no step of Raft: only its client can tell.",
  },
];

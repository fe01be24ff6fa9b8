import { describe, expect, test } from "vitest";
import { readSpec } from "../spec-text.ts";
import { messagesOutsideOfActions, messagesWithoutTheirAction, messageTypes } from "./messages.ts";
import {
  actionsWithoutTheirOneEvent,
  changesBehindTheEvent,
  emittersWithoutAction,
} from "./paths.ts";
import { type Planted, Source } from "./source.ts";
import { eventsFromElsewhere, observersToldElsewhere } from "./trace-writers.ts";
import { mutatorsOf, writersAmongHosts, writersOutsideOfActions } from "./writes.ts";

const CORE = ["src/core"];
const HOSTS = ["src/core", "src/sim", "src/node", "src/cluster"];

const variables = new Set(
  ["RaftSnapshots", "RaftReads"].flatMap((module) => readSpec(module).variables),
);

/** What a proof says against the source: nothing. */
type Proof = (source: Source) => readonly string[];

/** A bug that a proof must see: what is planted where, and what is said of it. */
interface Bug {
  readonly does: string;
  readonly planted: Planted;
  readonly told: RegExp;
}

function inFile(file: string, find: string, by: string): Planted {
  return { file, find, by };
}

const PROOFS: readonly {
  readonly proves: string;
  readonly folders: readonly string[];
  readonly proof: Proof;
  readonly bugs: readonly Bug[];
}[] = [
  {
    proves: "every write to a protocol variable lies in an action, or in what only actions call",
    folders: CORE,
    proof: (source) => writersOutsideOfActions(source, variables).faults,
    bugs: [
      {
        does: "an assignment in what hosts call",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          "  server.commitIndex = 0;\n  timeout(server);\n",
        ),
        told: /in electionTimeout: server\.commitIndex = 0/,
      },
      {
        does: "a count up",
        planted: inFile("src/core/step.ts", "  timeout(server);\n", "  server.currentTerm++;\n"),
        told: /in electionTimeout: server\.currentTerm\+\+/,
      },
      {
        does: "a change of what a variable holds, by another name",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          "  const { log: entries } = server;\n  entries.truncateAfter(0);\n",
        ),
        told: /in electionTimeout: entries\.truncateAfter/,
      },
      {
        does: "a container that is handed on",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          "  forget(server.votesGranted);\n",
        ),
        told: /in electionTimeout: forget/,
      },
      {
        does: "a call of what only actions may call",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          '  setRole(server, "Follower");\n  timeout(server);\n',
        ),
        told: /in setRole: server\.role = role/,
      },
    ],
  },
  {
    proves: "hosts read a server, and do not write it",
    folders: HOSTS,
    proof: (source) => writersAmongHosts(source, variables),
    bugs: [
      {
        does: "an assignment in the simulator",
        planted: inFile(
          "src/sim/world.ts",
          "return this.#drive(place, held, () => electionTimeout(server));",
          "server.votedFor = null;\n    return this.#drive(place, held, () => electionTimeout(server));",
        ),
        told: /src\/sim\/world\.ts:\d+: server\.votedFor = null/,
      },
    ],
  },
  {
    proves: "every action emits exactly one event of its name on every path that does not throw",
    folders: CORE,
    proof: actionsWithoutTheirOneEvent,
    bugs: [
      {
        does: "a return before the event",
        planted: inFile(
          "src/core/election.ts",
          "    adoptTerm(server, message);\n",
          "    adoptTerm(server, message);\n    return;\n",
        ),
        told: /handleRequestVoteResponse emits 0, or 1 events/,
      },
      {
        does: "a second event on one branch",
        planted: inFile(
          "src/core/election.ts",
          "    server.votesGranted.add(message.from);\n",
          '    server.votesGranted.add(message.from);\n    completeStep(server, "HandleRequestVoteResponse", {});\n',
        ),
        told: /handleRequestVoteResponse emits 1, or 2 or more events/,
      },
      {
        does: "an event a peer",
        planted: inFile(
          "src/core/election.ts",
          "  for (const peer of server.peers) {\n",
          '  for (const peer of server.peers) {\n    completeStep(server, "Timeout", {});\n',
        ),
        told: /timeout emits 1, or 2 or more events/,
      },
      {
        does: "an event in what an action calls",
        planted: inFile(
          "src/core/term.ts",
          "  server.knownLeader = null;\n",
          '  server.knownLeader = null;\n  completeStep(server, "Timeout", {});\n',
        ),
        told: /handleRequestVoteResponse emits 1, or 2 or more events/,
      },
      {
        does: "an event only where the log is not empty",
        planted: inFile(
          "src/core/election.ts",
          '  completeStep(server, "BecomeLeader", {});\n',
          '  if (server.log.lastIndex > 0) completeStep(server, "BecomeLeader", {});\n',
        ),
        told: /becomeLeader emits 0, or 1 events/,
      },
      {
        does: "an event of another action",
        planted: inFile(
          "src/core/election.ts",
          '  completeStep(server, "BecomeLeader", {});\n',
          '  completeStep(server, "Timeout", {});\n',
        ),
        told: /in becomeLeader emits "Timeout"/,
      },
    ],
  },
  {
    proves: "nothing but an action emits an event",
    folders: CORE,
    proof: emittersWithoutAction,
    bugs: [
      {
        does: "an event in what hosts call",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          '  completeStep(server, "Timeout", {});\n',
        ),
        told: /in electionTimeout: completeStep/,
      },
      {
        does: "an event that may come later",
        planted: inFile(
          "src/core/election.ts",
          '  completeStep(server, "BecomeLeader", {});\n',
          '  server.peers.forEach(() => completeStep(server, "BecomeLeader", {}));\n',
        ),
        told: /in becomeLeader: completeStep/,
      },
    ],
  },
  {
    proves: "an action changes nothing and sends nothing once its event is emitted",
    folders: CORE,
    proof: (source) => changesBehindTheEvent(source, variables),
    bugs: [
      {
        does: "a write behind the event",
        planted: inFile(
          "src/core/commitment.ts",
          '  completeStep(server, "AdvanceCommitIndex", { index });\n',
          '  completeStep(server, "AdvanceCommitIndex", { index });\n  server.commitIndex = index;\n',
        ),
        told: /in advanceCommitIndex: server\.commitIndex = index/,
      },
    ],
  },
  {
    proves: "every type of message has the action that handles it, and one that sends it",
    folders: CORE,
    proof: messagesWithoutTheirAction,
    bugs: [
      {
        does: "a message that nobody handles",
        planted: inFile(
          "src/core/types.ts",
          "export type Message =\n",
          'interface Ping {\n  readonly type: "Ping";\n}\n\nexport type Message =\n  | Ping\n',
        ),
        told: /Ping has no action HandlePing/,
      },
      {
        does: "a message that is given to another action",
        planted: inFile(
          "src/core/step.ts",
          "      handleRequestVoteRequest(server, message);\n",
          "      handleRequestVoteResponse(server, message);\n",
        ),
        told: /receive gives RequestVoteRequest to handleRequestVoteResponse/,
      },
    ],
  },
  {
    proves: "every message is made and sent within an action",
    folders: CORE,
    proof: messagesOutsideOfActions,
    bugs: [
      {
        does: "a message of what hosts call",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          "  timeout(server);\n  server.output.messages.push(again);\n",
        ),
        told: /in electionTimeout/,
      },
    ],
  },
  {
    proves: "the observer is told of a step where it is completed, and nowhere else",
    folders: CORE,
    proof: observersToldElsewhere,
    bugs: [
      {
        does: "an observer told by what hosts call",
        planted: inFile(
          "src/core/step.ts",
          "  timeout(server);\n",
          "  server.observer(server, step);\n",
        ),
        told: /in electionTimeout/,
      },
    ],
  },
  {
    proves: "nobody but the recorder makes events, of steps that an observer saw",
    folders: HOSTS,
    proof: eventsFromElsewhere,
    bugs: [
      {
        does: "an event that the simulator makes up",
        planted: inFile(
          "src/sim/world.ts",
          "    host.disk.write(record);\n",
          '    host.disk.write(record);\n    this.#trace?.({ server: host.id, seq: 1, action: "Timeout" });\n',
        ),
        told: /src\/sim\/world\.ts/,
      },
      {
        does: "a step that nobody took",
        planted: inFile(
          "src/sim/world.ts",
          "    host.disk.write(record);\n",
          "    host.disk.write(record);\n    this.recorder.observe(host.server, made);\n",
        ),
        told: /src\/sim\/world\.ts/,
      },
    ],
  },
];

describe.each(PROOFS)("$proves", ({ folders, proof, bugs }) => {
  test("holds", () => {
    expect(proof(new Source(folders))).toEqual([]);
  });

  test.each(bugs)("fails on $does", ({ planted, told }) => {
    expect(proof(new Source(folders, [planted])).join("\n")).toMatch(told);
  });
});

describe("the proofs look at something", () => {
  const source = new Source(CORE);

  test("at all variables, actions, messages and writers of the core", () => {
    expect(variables.size).toBeGreaterThanOrEqual(9);
    expect(source.actions.length).toBeGreaterThanOrEqual(12);
    expect(messageTypes(source)).toContain("AppendEntriesResponse");
    expect(writersOutsideOfActions(source, variables).writers.size).toBeGreaterThan(8);
    expect([...mutatorsOf(source)]).toEqual(
      expect.arrayContaining(["append", "truncateAfter", "compactTo", "replaceBySnapshot"]),
    );
  });
});

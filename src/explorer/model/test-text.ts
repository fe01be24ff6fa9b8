/** An execution as a test of the implementation, to be kept with others. */
import type { ServerId } from "../../core/index.ts";
import { SERVER_VARIABLES, stateOf } from "../../replay/server-state.ts";
import type { Frame } from "./frame.ts";
import type { Path } from "./path.ts";

/** The text of a vitest file that takes the steps up to a place, and expects what came of them. */
export function testText(path: Path, place: number, servers: readonly ServerId[]): string {
  const steps: string[] = [];
  const actions = new Set<string>();
  for (let at = 1; at <= place; at++) {
    const step = path.stepAt(at);
    if (step === null) continue;
    const frame = path.at(at);
    actions.add(step.event.action);
    steps.push(`  ${callOf(frame)}`);
  }
  const imports = [...actions].filter((action) => action !== "Restart").map(functionName);
  const names = [
    "createServer",
    "type Message",
    ...imports,
    "restart",
    "type Server",
    "takeOutput",
  ];
  return `import { expect, test } from "vitest";
import { ${names.join(", ")} } from "lockstep-raft/core";

const servers = ${JSON.stringify(servers)};
const cluster = new Map<string, Server>(servers.map((id) => [id, createServer({ id, servers })]));
const seqs = new Map<string, number>();
const sent = new Map<string, Message>();

function server(id: string): Server {
  const found = cluster.get(id);
  if (found === undefined) throw new Error(\`no server \${id}\`);
  return found;
}

/** The message with the id that traces give it: sender, number of its step, number in the step. */
function message<T extends Message["type"]>(id: string, type: T): Extract<Message, { type: T }> {
  const found = sent.get(id);
  if (found?.type !== type) throw new Error(\`no \${type} \${id}\`);
  return found as Extract<Message, { type: T }>;
}

/** Ends a step: what it sent is now on its way. */
function took(id: string): void {
  const seq = (seqs.get(id) ?? 0) + 1;
  seqs.set(id, seq);
  takeOutput(server(id)).messages.forEach((each, i) => {
    each.id = \`\${id}:\${seq}:\${i + 1}\`;
    sent.set(each.id, each);
  });
}

function restarted(id: string): void {
  const { currentTerm, votedFor, log } = server(id);
  cluster.set(id, restart({ id, servers }, { currentTerm, votedFor, log: log.slice(1, log.lastIndex) }));
}

test("an execution from the explorer", () => {
${steps.join("\n")}

${expectations(path.at(place), servers)}
});
`;
}

function functionName(action: string): string {
  return action.charAt(0).toLowerCase() + action.slice(1);
}

function callOf(frame: Frame): string {
  const { step, move } = frame;
  if (step === null || move?.kind !== "step") return "";
  const { server, action } = step.event;
  const { command, index, slice, peer, received } = move.choice;
  const end = `took("${server}");`;
  if (action === "Restart") return `restarted("${server}"); ${end}`;
  const operands = [`server("${server}")`];
  if (received !== null) {
    operands.push(`message("${received}", "${action.slice("Handle".length)}")`);
  } else if (slice !== null) {
    operands.push(`"${slice.peer}"`, `${slice.prevLogIndex}`, `${slice.count}`);
  } else if (peer !== null) operands.push(`"${peer}"`);
  else if (command !== null) operands.push(JSON.stringify(command));
  else if (index !== 0) operands.push(`${index}`);
  return `${functionName(action)}(${operands.join(", ")}); ${end}`;
}

const TOLD = SERVER_VARIABLES.filter((name) =>
  ["currentTerm", "votedFor", "role", "commitIndex", "lastApplied"].includes(name),
);

function expectations(frame: Frame, servers: readonly ServerId[]): string {
  return servers
    .flatMap((server) => {
      const running = frame.cluster?.get(server);
      if (running === undefined) return [];
      const state = stateOf(running);
      const told = Object.fromEntries(TOLD.map((name) => [name, state[name]]));
      return [
        `  expect(server("${server}")).toMatchObject(${JSON.stringify(told)});`,
        `  expect(server("${server}").log.slice(1, ${state.log.length})).toEqual(${JSON.stringify(state.log)});`,
      ];
    })
    .join("\n");
}

/** Takes behaviours of TLC through the core, and compares every state. */

import type { Action, Rules } from "../core/index.ts";
import { type BehaviourReader, type BehaviourState, serverStateOf } from "./behaviours.ts";
import { type Difference, type Parting, ReplayCluster } from "./cluster.ts";
import { parametersOf, type ReplayDivergence, type Replayed } from "./divergence.ts";
import { ReplayInputError } from "./input-error.ts";
import { isSame, SERVER_VARIABLES } from "./server-state.ts";
import type { ReplayStep } from "./take-step.ts";

/**
 * Replays the behaviours of a file, one after the other; of one that diverges the rest is passed
 * over. No more than a state is held.
 *
 * @param rules of the core: Raft's own, or with one forgotten
 * @throws ReplayInputError where the file holds no behaviour, or one that cannot be read
 */
export async function* replayBehaviours(
  file: string,
  reader: BehaviourReader,
  rules: Rules,
): AsyncGenerator<Replayed> {
  let replay: BehaviourReplay | null = null;
  let number = 0;
  for await (const state of reader.read(file)) {
    if (state.number === 1) {
      if (replay !== null) yield replay.result();
      number++;
      replay = new BehaviourReplay(file, number, state, rules);
    } else {
      replay?.take(state);
    }
  }
  if (replay === null) {
    const expected = "neither a trace (its first line a header) nor an output of TLC with states";
    throw new ReplayInputError(file, 0, `it holds no behaviour: it is ${expected}. Check the path`);
  }
  yield replay.result();
}

/** One behaviour on its way. */
class BehaviourReplay {
  readonly #file: string;
  readonly #number: number;
  readonly #cluster: ReplayCluster;
  readonly #actions: Action[] = [];
  #before: BehaviourState;
  #divergence: ReplayDivergence | null = null;

  constructor(file: string, number: number, initial: BehaviourState, rules: Rules) {
    this.#file = file;
    this.#number = number;
    this.#cluster = new ReplayCluster(initial.servers, rules);
    this.#before = initial;
    const differences = initial.servers.flatMap((server) => this.#differencesOf(initial, server));
    if (differences.length > 0) this.#diverge(initial, null, { kind: "mismatch", differences });
  }

  take(state: BehaviourState): void {
    const { step } = state;
    if (this.#divergence !== null || step === null) return;
    this.#actions.push(step.action);
    const parting = this.#cluster.take(step, {
      sent: state.sent,
      nextIndexOf: (server, peer) => serverStateOf(state, server).nextIndex[peer] ?? null,
    });
    if (parting !== null && parting.kind !== "mismatch") {
      this.#diverge(state, step, parting);
      return;
    }
    const differences = [...(parting?.differences ?? []), ...this.#stateDifferences(state, step)];
    if (differences.length > 0) this.#diverge(state, step, { kind: "mismatch", differences });
    this.#before = state;
  }

  result(): Replayed {
    return { kind: "behaviour", actions: this.#actions, divergence: this.#divergence };
  }

  /** Of the acting server, and of the others where the behaviour has changed anything. */
  #stateDifferences(state: BehaviourState, step: ReplayStep): readonly Difference[] {
    const isUnchanged = SERVER_VARIABLES.every(
      (name) => state.variables.get(name) === this.#before.variables.get(name),
    );
    if (isUnchanged) return this.#differencesOf(state, step.server);
    return state.servers.flatMap((server) => this.#differencesOf(state, server));
  }

  #differencesOf(state: BehaviourState, server: string): readonly Difference[] {
    const core = this.#cluster.stateOf(server);
    const differences: Difference[] = [];
    for (const name of SERVER_VARIABLES) {
      const recorded = state.variables.get(name)?.get(server);
      if (isSame(recorded, core[name])) continue;
      differences.push({ name: `${name}[${server}]`, recorded, core: core[name] });
    }
    return differences;
  }

  #diverge(state: BehaviourState, step: ReplayStep | null, parting: Parting): void {
    this.#divergence = {
      file: this.#file,
      line: state.line,
      behaviour: this.#number,
      step: state.number,
      server: step?.server ?? null,
      action: step?.action ?? "Init",
      parameters: step === null ? {} : parametersOf(step),
      ...parting,
    };
  }
}

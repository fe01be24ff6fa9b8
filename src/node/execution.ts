import type { Index, Server, Snapshot } from "../core/index.ts";
import type { Compaction } from "./compaction.ts";
import { applyTo, restoreTo } from "./machine-calls.ts";
import type { Proposals } from "./proposals.ts";
import type { ReplicatedStateMachine } from "./state-machine.ts";
import type { TurnBudget } from "./turn-budget.ts";

export interface ExecutionOptions {
  readonly core: Server;
  readonly machine: ReplicatedStateMachine;
  /** Has the clients that wait for the answers. */
  readonly proposals: Proposals;
  /** Takes note of what the state machine has. */
  readonly compaction: Compaction;
}

/** Brings the state machine to what is committed (§5.3), and the clients their answers. */
export class Execution {
  readonly #options: ExecutionOptions;
  #executed: Index;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#executed = options.core.snapshotIndex;
  }

  /** The last index that was given to the state machine. */
  get executed(): Index {
    return this.#executed;
  }

  /**
   * Executes the entries up to `index`, which are committed and durable.
   *
   * @returns whether more is there than the budget suffices for
   */
  executeUpTo(index: Index, budget: TurnBudget): boolean {
    while (this.#executed < index && !budget.isSpent) this.#executeNext(budget);
    return this.#executed < index;
  }

  /**
   * The leader's snapshot took the place of the log, and so its state that of the state machine.
   *
   * @returns false where the state machine had that state
   */
  restore(snapshot: Snapshot): boolean {
    const { machine, proposals, compaction } = this.#options;
    if (snapshot.lastIncludedIndex === this.#executed) return false;
    restoreTo(machine, snapshot);
    this.#executed = snapshot.lastIncludedIndex;
    proposals.abandonUpTo(this.#executed, "a snapshot of the leader took its place");
    compaction.replaced(snapshot);
    return true;
  }

  #executeNext(budget: TurnBudget): void {
    const { core, machine, proposals, compaction } = this.#options;
    const index = this.#executed + 1;
    const entry = core.log.entryAt(index);
    const { command } = entry;
    this.#executed = index;
    compaction.noteExecuted(entry);
    if (command === null) return;
    const answer = applyTo(machine, command, index, proposals.isAwaited(index));
    budget.spend(command.length + answer.length);
    proposals.answer(index, answer);
  }
}

import type { Command, Index, ServerId } from "../core/index.ts";
import type { Outcome } from "./door.ts";

export type Done = (outcome: Outcome) => void;

interface Proposal {
  readonly command: Command;
  readonly size: number;
  readonly done: Done;
}

export interface ProposalLimits {
  /** The most commands that a server has taken and not answered yet. */
  readonly maxCommands: number;
  /** The most characters of them together; of a server that traces, the most bytes that they take there. */
  readonly maxCharacters: number;
}

/** Commands that entered the log together: the one at place `i` has the index `first + i`. */
interface CommandBatch {
  readonly first: Index;
  /** null for one whose client has its answer. */
  readonly proposals: (Proposal | null)[];
}

/**
 * The commands that clients wait for: first in a queue, until the server can take them into its log
 * all at once; then in the log, until they are executed. Both are bounded together.
 *
 * What is in the log is kept by batches, which are gone soon, and not in one Map: its table lives on
 * when it is outgrown, until all memory is collected, and has V8 keep whatever it named last.
 */
export class Proposals {
  readonly #limits: ProposalLimits;
  readonly #sizeOf: (command: Command) => number;
  #queue: Proposal[] = [];
  /** By the index that they were given, ascending. */
  #batches: CommandBatch[] = [];
  #inLog = 0;
  #size = 0;

  /** @param sizeOf what a command counts for the bound of them all */
  constructor(limits: ProposalLimits, sizeOf: (command: Command) => number) {
    this.#limits = limits;
    this.#sizeOf = sizeOf;
  }

  /** What the commands that wait count together. */
  get size(): number {
    return this.#size;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get inLog(): number {
    return this.#inLog;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#inLog === 0;
  }

  /** @returns false where there are too many already; then `done` is not kept */
  add(command: Command, done: Done): boolean {
    const { maxCommands, maxCharacters } = this.#limits;
    const count = this.#queue.length + this.#inLog;
    const size = this.#sizeOf(command);
    if (count >= maxCommands || this.#size + size > maxCharacters) return false;
    this.#queue.push({ command, size, done });
    this.#size += size;
    return true;
  }

  /** The commands of the queue, in order. */
  queuedCommands(): readonly Command[] {
    return this.#queue.map(({ command }) => command);
  }

  /** All of the queue has been taken into the log, from `first` on. */
  enterLog(first: Index): void {
    const proposals = this.#queue;
    this.#queue = [];
    this.#batches.push({ first, proposals });
    this.#inLog += proposals.length;
  }

  /** The batches in the log that have an entry after `index`: how many, and of how many commands. */
  batchesAfter(index: Index): { readonly batches: number; readonly commands: number } {
    const after = this.#batches.filter((batch) => lastOf(batch) > index);
    const commands = after.reduce((sum, { proposals }) => sum + proposals.length, 0);
    return { batches: after.length, commands };
  }

  /** Whether a client waits for the answer of the entry at `index`, the next to be executed. */
  isAwaited(index: Index): boolean {
    const [batch] = this.#batches;
    return batch !== undefined && (batch.proposals[index - batch.first] ?? null) !== null;
  }

  /** The entry at `index` was executed, and so were those before it. */
  answer(index: Index, answer: string): void {
    const [batch] = this.#batches;
    if (batch === undefined || index < batch.first) return;
    this.#endAt(batch, index - batch.first, { status: "executed", index, answer });
    if (index === lastOf(batch)) this.#batches.shift();
  }

  /** None of the queue was taken: this server does not lead. */
  redirect(leader: ServerId | null): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const proposal of queue) this.#end(proposal, { status: "notLeader", leader });
  }

  /** None of the queue will be taken. */
  refuseQueue(reason: string): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const proposal of queue) this.#end(proposal, { status: "refused", reason });
  }

  /** What is in the log may be executed or not: nobody here can tell. */
  abandonLog(reason: string): void {
    this.#abandon(reason, () => true);
  }

  /** The same of what comes after `index`: what is up to it is committed, and will be executed. */
  abandonAfter(index: Index, reason: string): void {
    this.#abandon(reason, (place) => place > index);
  }

  /** The same of what comes up to `index`: it is executed, and nobody here knows the answers. */
  abandonUpTo(index: Index, reason: string): void {
    this.#abandon(reason, (place) => place <= index);
  }

  #abandon(reason: string, isAbandoned: (index: Index) => boolean): void {
    for (const batch of this.#batches) {
      for (const place of batch.proposals.keys()) {
        if (isAbandoned(batch.first + place)) {
          this.#endAt(batch, place, { status: "unknown", reason });
        }
      }
    }
    // A batch ends with a command that waits: what comes after may get its index.
    for (const { proposals } of this.#batches) while (proposals.at(-1) === null) proposals.pop();
    this.#batches = this.#batches.filter(({ proposals }) => proposals.length > 0);
  }

  #endAt({ proposals }: CommandBatch, place: number, outcome: Outcome): void {
    const proposal = proposals[place] ?? null;
    if (proposal === null) return;
    proposals[place] = null;
    this.#inLog--;
    this.#end(proposal, outcome);
  }

  #end({ size, done }: Proposal, outcome: Outcome): void {
    this.#size -= size;
    done(outcome);
  }
}

function lastOf({ first, proposals }: CommandBatch): Index {
  return first + proposals.length - 1;
}

import {
  type Command,
  electionTimeout,
  heartbeat,
  type Index,
  type Message,
  type Output,
  propose,
  receive,
  type Server,
  takeOutput,
} from "../core/index.ts";
import { BatchPace } from "./batch-pace.ts";
import { Compaction } from "./compaction.ts";
import { HostCounters } from "./counters.ts";
import type { RunningServer, ServerStatus } from "./door.ts";
import { ElectionTimer } from "./election-timer.ts";
import { Execution } from "./execution.ts";
import { type HostOptions, MOST_TRACED_LOG_BYTES } from "./host-options.ts";
import { Outbox } from "./outbox.ts";
import { type Done, Proposals } from "./proposals.ts";
import { Reads } from "./reads.ts";
import { Requests } from "./requests.ts";
import { baseOf } from "./snapshot-store.ts";
import { tracedSize } from "./trace/command-text.ts";
import { PeerTraces } from "./trace/peer-traces.ts";
import type { Transport } from "./transport.ts";
import { TurnBudget } from "./turn-budget.ts";
import type { Batch } from "./wal/batch-types.ts";

/**
 * Runs the core: gives it what happens, and does what it wants in Raft's order (Figure 2): persist,
 * then send, apply and answer; what is sent is traced before.
 *
 * While a batch is being made durable the core goes on, and what it does meanwhile becomes the next
 * batch: one fsync serves all that waits (group commit). No message leaves before everything is
 * durable that its sender had done by then. An entry is applied, and its client answered, once it is
 * committed and durable here, which need not wait for batches after it: that it is committed was
 * told by others, who hold it durably, or counts this server, which does. Nor does the answer wait for
 * the trace of its commit while a batch is under way: those steps come after the batch's in the trace,
 * and to wait for its fsync would cost much of the throughput.
 */
export class Host implements RunningServer {
  readonly counters = new HostCounters();
  readonly #options: HostOptions;
  readonly #core: Server;
  readonly #proposals: Proposals;
  readonly #batchPace: BatchPace;
  readonly #reads: Reads;
  readonly #requests: Requests;
  readonly #compaction: Compaction;
  readonly #execution: Execution;
  readonly #peerTraces: PeerTraces;
  readonly #electionTimer: ElectionTimer;
  #heartbeatTimer: NodeJS.Timeout | null = null;
  /** By which messages leave, once this server takes part. */
  #outbox: Outbox | null = null;
  #state: "starting" | "running" | "stopping" | "stopped" = "starting";
  #isScheduled = false;
  /** The batch that is being made durable; null for none. */
  #persisting: Promise<void> | null = null;
  /** The log is durable, and as it is in memory, up to this index. */
  #durableIndex: Index;
  /** The term in which this server has taken the commands that wait. */
  #proposalTerm = 0;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#core = options.core;
    this.#durableIndex = options.core.log.lastIndex;
    const isTraced = options.trace !== null;
    this.#proposals = new Proposals(options.limits, isTraced ? tracedSize : ({ length }) => length);
    this.#batchPace = new BatchPace(() => this.#schedule());
    this.#reads = new Reads(options.core, options.limits.maxCommands);
    const { core, storage, machine, trace } = options;
    this.#peerTraces = new PeerTraces(trace !== null, options.log);
    this.#compaction = new Compaction({
      core,
      storage,
      machine,
      trace,
      snapshotBytes: options.limits.snapshotBytes,
      onProgress: () => this.#schedule(),
      onFailure: (error) => this.#fail(error),
    });
    const [proposals, reads, compaction] = [this.#proposals, this.#reads, this.#compaction];
    this.#execution = new Execution({ core, machine, proposals, compaction });
    this.#requests = new Requests({
      core,
      proposals,
      reads,
      counters: this.counters,
      maxCommandCharacters: options.limits.maxCommandCharacters,
      isOpen: () => this.#state === "running",
      hasEnded: () => this.#state === "stopped",
      isLogFull: () => this.#isLogFull,
      onTaken: () => this.#schedule(),
    });
    this.#electionTimer = new ElectionTimer(options.timing, () => {
      this.#step(() => electionTimeout(this.#core));
    });
  }

  /** Begins to take part, over a transport whose messages go to `receive`. */
  start(transport: Transport): void {
    this.#outbox = new Outbox({
      transport,
      textsOf: (data) => this.#compaction.textsOf(data),
      onFailure: (error) => this.#fail(error),
    });
    this.#state = "running";
    this.#electionTimer.reset();
    this.#heartbeatTimer = setInterval(() => {
      if (this.#core.role === "Leader") this.#step(() => heartbeat(this.#core));
    }, this.#options.timing.heartbeatMs);
    this.#schedule();
  }

  receive(message: Message): void {
    if (this.#state !== "running" && this.#state !== "stopping") return;
    this.#peerTraces.note(message);
    this.#step(() => receive(this.#core, message));
  }

  propose(command: Command, done: Done): void {
    this.#requests.propose(command, done);
  }

  read(query: string, done: Done): void {
    this.#requests.read(query, done);
  }

  status(): ServerStatus {
    const core = this.#core;
    return {
      id: core.id,
      clusterId: this.#options.clusterId,
      role: core.role,
      currentTerm: core.currentTerm,
      knownLeader: core.role === "Leader" ? core.id : core.knownLeader,
      lastIndex: core.log.lastIndex,
      commitIndex: core.commitIndex,
      lastApplied: this.#execution.executed,
      snapshotIndex: core.snapshotIndex,
      ...(this.#options.trace === null ? {} : { untracedPeers: this.#peerTraces.untraced }),
    };
  }

  /** How many commands wait, in the queue and in the log, and how many reads. */
  get waiting(): { readonly queued: number; readonly inLog: number; readonly reads: number } {
    const { queued, inLog } = this.#proposals;
    return { queued, inLog, reads: this.#reads.count };
  }

  /**
   * Takes no more commands, and ends when those that it has taken are answered, or `patienceMs` have
   * passed. After it nothing is persisted or sent any more.
   */
  async stop(patienceMs: number): Promise<void> {
    if (this.#state === "running") this.#state = "stopping";
    const end = performance.now() + patienceMs;
    while (this.#state === "stopping" && !this.#proposals.isEmpty && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (this.#state === "stopping") await this.#traceTheRest();
    this.#halt("the server was stopped");
    await this.#persisting?.catch(() => {});
    await this.#compaction.close();
  }

  /** Traces the last steps, where they changed nothing that would have to be durable first. */
  async #traceTheRest(): Promise<void> {
    await this.#persisting?.catch(() => {});
    const { trace } = this.#options;
    if (trace === null || this.#persisting !== null || this.#isToPersist) return;
    await trace.writeVolatile(trace.take());
  }

  /** Whether a client is about to be answered by steps that are not traced. */
  get #isAnswerUntraced(): boolean {
    if (this.#options.trace?.hasEvents !== true) return false;
    const isCommandDue =
      this.#proposals.inLog > 0 && this.#core.lastApplied > this.#execution.executed;
    return isCommandDue || this.#reads.areAnswerable;
  }

  /** Whether a restart might have to tell of a log that does not fit into a line of the trace. */
  get #isLogFull(): boolean {
    if (this.#options.trace === null) return false;
    return this.#compaction.bytes + this.#proposals.size > MOST_TRACED_LOG_BYTES;
  }

  get #isToPersist(): boolean {
    const { voteChanged, snapshot, logChangedFrom } = this.#core.output;
    return voteChanged || snapshot !== null || logChangedFrom > 0;
  }

  /** Lets the core take steps, and sees to what follows in a turn of its own. */
  #step(take: () => unknown): void {
    if (this.#state !== "running" && this.#state !== "stopping") return;
    this.#guarded(() => {
      const core = this.#core;
      const { role, currentTerm } = core;
      take();
      this.#restoreInstalled();
      if (core.output.electionTimerReset) {
        core.output.electionTimerReset = false;
        this.#electionTimer.reset();
      }
      if (core.role !== role || core.currentTerm !== currentTerm) this.#roleChanged();
      this.#reads.takeOutput();
    });
    this.#schedule();
  }

  #restoreInstalled(): void {
    const { output } = this.#core;
    const { snapshot } = output;
    if (!output.snapshotInstalled || snapshot === null) return;
    if (!this.#execution.restore(snapshot)) return;
    this.counters.snapshotsInstalled++;
    this.#options.log("info", "snapshot installed", { index: snapshot.lastIncludedIndex });
  }

  #roleChanged(): void {
    const { role, currentTerm, knownLeader } = this.#core;
    if (role === "Candidate") this.counters.elections++;
    if (role === "Leader") this.counters.leaderships++;
    this.#options.log("info", "role", { role, term: currentTerm, leader: knownLeader });
    const isStillLeader = role === "Leader" && currentTerm === this.#proposalTerm;
    if (isStillLeader || this.#proposals.inLog === 0) return;
    const reason = "another leader took over before the command was known committed";
    this.#proposals.abandonAfter(this.#core.lastApplied, reason);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#state !== "running" && this.#state !== "stopping") return;
    this.#guarded(() => {
      if (this.#persisting === null) {
        this.#compaction.compact();
        this.#proposeQueued();
        this.#reads.request();
        this.#giveOut();
      }
      const isMoreToExecute = this.#execution.executeUpTo(this.#executable, new TurnBudget());
      const { executed } = this.#execution;
      const isMoreToAnswer = this.#reads.answer(executed, this.#options.machine, new TurnBudget());
      this.#compaction.begin(executed);
      if (isMoreToExecute || isMoreToAnswer) this.#schedule();
    });
  }

  #proposeQueued(): void {
    if (this.#proposals.queued === 0) return;
    const core = this.#core;
    if (!this.#batchPace.allows(this.#proposals.batchesAfter(core.commitIndex))) return;
    const commands = this.#proposals.queuedCommands();
    const first = propose(core, commands);
    if (first === null) {
      this.#proposals.redirect(core.knownLeader);
      return;
    }
    this.counters.batchCommands.observe(commands.length);
    this.#proposals.enterLog(first);
    this.#batchPace.begun();
    this.#proposalTerm = core.currentTerm;
  }

  /** Does what the core wants: makes it durable first, where something has to be. */
  #giveOut(): void {
    const core = this.#core;
    const isToPersist = this.#isToPersist;
    if (!isToPersist && core.output.messages.length === 0 && !this.#isAnswerUntraced) return;
    const output = takeOutput(core);
    if (isToPersist) {
      this.#persisting = this.#persist(output);
      this.#persisting.catch((error: unknown) => this.#fail(error));
      return;
    }
    const { trace } = this.#options;
    this.#outbox?.send(output.messages, trace?.writeVolatile(trace.take()) ?? null);
  }

  async #persist(output: Output): Promise<void> {
    const { storage, trace } = this.#options;
    const { currentTerm, votedFor, log } = this.#core;
    const { logChangedFrom, snapshot } = output;
    const { lastIndex } = log;
    if (logChangedFrom > 0) this.#durableIndex = Math.min(this.#durableIndex, logChangedFrom - 1);
    const base = snapshot === null ? null : baseOf(snapshot);
    const entries = logChangedFrom === 0 ? [] : log.slice(logChangedFrom, lastIndex);
    const events = trace?.take({ from: logChangedFrom, entries }) ?? null;
    const batch: Batch = {
      currentTerm,
      votedFor,
      base,
      logChangedFrom,
      entries,
      trace: events === null ? null : (trace?.forRecord(events) ?? null),
    };
    const begin = performance.now();
    if (snapshot !== null && output.snapshotInstalled) await storage.saveSnapshot(snapshot);
    const persisted = storage.persist(batch);
    // The disk is at work meanwhile.
    const writable = events === null ? null : (trace?.writable(events) ?? null);
    await persisted;
    this.counters.persistSeconds.observe((performance.now() - begin) / 1000);
    this.#persisting = null;
    if (this.#state === "stopped") return;
    this.#durableIndex = lastIndex;
    if (base !== null) this.#compaction.cleanUp(base);
    const traced = writable === null ? null : trace?.writeRecorded(writable);
    this.#outbox?.send(output.messages, traced ?? null);
    this.#turn();
  }

  /** The last index that is committed, and that is durable here as it is in memory. */
  get #executable(): Index {
    const { lastApplied, output } = this.#core;
    const { logChangedFrom } = output;
    const unchanged = logChangedFrom === 0 ? this.#durableIndex : logChangedFrom - 1;
    return Math.min(lastApplied, unchanged, this.#durableIndex);
  }

  /** An error of the core, of the state machine or of the trace leaves no state to go on from. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#state === "stopped") return;
    this.#halt("the server failed");
    this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
  }

  #halt(reason: string): void {
    this.#state = "stopped";
    this.#outbox?.close();
    this.#electionTimer.stop();
    this.#batchPace.stop();
    if (this.#heartbeatTimer !== null) clearInterval(this.#heartbeatTimer);
    this.#proposals.refuseQueue(reason);
    this.#proposals.abandonLog(reason);
    this.#reads.abandon(reason);
  }
}

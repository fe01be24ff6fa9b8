import {
  type Index,
  type Read,
  restart as restartCore,
  type Server,
  type ServerId,
  type ServerOptions,
  type SnapshotData,
  type Step,
} from "../core/index.ts";
import { KeyValueStore } from "../state-machine/index.ts";
import type { TraceEvent } from "../trace/format.ts";
import { createRecorder, type Recorder } from "../trace/recorder.ts";
import { Disk, type EntriesOf } from "./disk.ts";
import { recordStep, type StepRecord } from "./step-record.ts";

/** A client whose command a server has taken and will answer once it is executed. */
export interface WaitingClient {
  readonly client: number;
  readonly request: number;
  readonly command: string;
}

export interface HostOptions {
  readonly place: number;
  readonly server: Omit<ServerOptions, "observer">;
  readonly maxSessions: number;
  readonly isTraced: boolean;
  readonly entriesOf: EntriesOf;
}

/** A client that reads, and whom the server answers once it may. */
export interface WaitingReader {
  readonly client: number;
  readonly request: number;
  readonly query: string;
}

/**
 * The machine that one server runs on: its disk, the steps it has not persisted yet, its
 * state machine, and the clients it owes an answer. It lives through crashes of the server.
 */
export class Host {
  readonly place: number;
  readonly id: ServerId;
  readonly disk: Disk;
  /** The running server; null while it is down. */
  server: Server | null;
  /** Steps taken and not persisted: a crash undoes them. */
  pending: StepRecord[] = [];
  machine: KeyValueStore;
  /** The last index that was given to the state machine. */
  executed: Index = 0;
  /** By the index that the command was given. */
  readonly waiting = new Map<Index, WaitingClient>();
  /** By what their read waits for. */
  readonly readers = new Map<Read, WaitingReader[]>();
  readonly #options: HostOptions;
  /** The `seq` of the last event that reached the trace. */
  #tracedSeq = 0;
  #recorder: Recorder | null = null;
  #event: TraceEvent | null = null;

  constructor(options: HostOptions, createServer: (options: ServerOptions) => Server) {
    this.#options = options;
    this.place = options.place;
    this.id = options.server.id;
    this.disk = new Disk(options.entriesOf);
    this.machine = new KeyValueStore({ maxSessions: options.maxSessions });
    this.#newRecorder();
    this.server = createServer(this.#serverOptions());
  }

  /** The process is killed: what is not on disk is gone. */
  crash(): void {
    this.server = null;
    this.pending = [];
    this.executed = 0;
    this.waiting.clear();
    this.readers.clear();
    this.machine = new KeyValueStore({ maxSessions: this.#options.maxSessions });
    this.#newRecorder();
  }

  /** The process starts again from what is on its disk. */
  restart(): void {
    this.server = restartCore(this.#serverOptions(), this.disk.read());
    const { snapshotData, snapshotIndex } = this.server;
    if (snapshotData !== null) this.install(snapshotIndex, snapshotData);
  }

  /** The state machine becomes that of a snapshot. */
  install(index: Index, data: SnapshotData): void {
    this.machine = new KeyValueStore({ maxSessions: this.#options.maxSessions });
    this.machine.restore(data);
    this.executed = index;
  }

  /** Counts an event that has reached the trace: `seq` has no gaps, whatever a crash undid. */
  countTraced(): void {
    this.#tracedSeq++;
  }

  #serverOptions(): ServerOptions {
    const observer = (server: Server, step: Step): void => {
      this.#recorder?.observe(server, step);
      this.pending.push(recordStep(this.place, server, step, this.#event));
    };
    return { ...this.#options.server, observer };
  }

  #newRecorder(): void {
    if (!this.#options.isTraced) return;
    const { servers } = this.#options.server;
    this.#recorder = createRecorder({
      servers,
      write: (event) => {
        this.#event = event;
      },
      lastSeq: { [this.id]: this.#tracedSeq },
    });
  }
}

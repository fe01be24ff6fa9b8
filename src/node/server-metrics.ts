import type { ClientDoorCounters } from "./client-door.ts";
import type { AliveMemory } from "./heap-watch.ts";
import type { Host } from "./host.ts";
import type { Metric, MetricSample } from "./http/metrics.ts";
import type { Storage } from "./storage.ts";
import type { TraceLog } from "./trace/trace-log.ts";
import type { TransportCounters } from "./transport/tcp.ts";

/** What the metrics of a server are read from. */
export interface MetricSources {
  readonly host: Host;
  readonly storage: Storage;
  readonly trace: TraceLog | null;
  /** null where messages do not go over TCP, and no clients come over it. */
  readonly transport: TransportCounters | null;
  readonly clients: ClientDoorCounters | null;
  readonly alive: AliveMemory;
}

/** All that a server measures of itself, for `/metrics`. */
export function serverMetrics(sources: MetricSources): readonly Metric[] {
  const { host, storage, trace, transport, clients, alive } = sources;
  const { waiting } = host;
  const { elections, leaderships, outcomes, persistSeconds, batchCommands } = host.counters;
  return [
    ...raftMetrics(host),
    counter("elections_total", "Elections that this server has begun.", elections),
    counter("leaderships_total", "Times that this server has become leader.", leaderships),
    counter(
      "snapshots_installed_total",
      "Snapshots of a leader that took the place of this server's log.",
      host.counters.snapshotsInstalled,
    ),
    {
      name: "lockstep_outcomes_total",
      type: "counter",
      help: "Commands and reads that clients brought, by what became of them.",
      samples: Object.entries(outcomes).map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    {
      name: "lockstep_waiting",
      type: "gauge",
      help: "Commands and reads that wait: to enter the log, to be executed, to be answered.",
      samples: Object.entries(waiting).map(([queue, value]) => ({ labels: { queue }, value })),
    },
    histogram(
      "persist_seconds",
      "What it took to make a batch durable: a write and an fsync.",
      persistSeconds.samples(),
    ),
    histogram(
      "batch_commands",
      "Commands that were taken into the log at once.",
      batchCommands.samples(),
    ),
    gauge("disk_bytes", "What the log and the snapshots take of the disk.", storage.diskBytes),
    ...(trace === null ? [] : traceMetrics(host, trace)),
    ...(transport === null ? [] : transportMetrics(transport)),
    ...(clients === null ? [] : clientMetrics(clients)),
    ...memoryMetrics(alive),
  ];
}

function raftMetrics(host: Host): readonly Metric[] {
  const status = host.status();
  return [
    gauge("current_term", "The current term.", status.currentTerm),
    {
      name: "lockstep_role",
      type: "gauge",
      help: "1 for the role that the server has.",
      samples: ["Follower", "Candidate", "Leader"].map((role) => ({
        labels: { role },
        value: role === status.role ? 1 : 0,
      })),
    },
    gauge("last_index", "The last index of the log.", status.lastIndex),
    gauge("commit_index", "The last index that is known to be committed.", status.commitIndex),
    gauge("last_applied", "The last index that the state machine has.", status.lastApplied),
    gauge("snapshot_index", "The last index that the snapshot includes.", status.snapshotIndex),
  ];
}

function traceMetrics(host: Host, trace: TraceLog): readonly Metric[] {
  return [
    gauge("trace_bytes", "The length of the trace.", trace.bytes),
    gauge(
      "untraced_peers",
      "Servers that were heard and do not trace: above 0 the trace cannot be checked.",
      host.status().untracedPeers?.length ?? 0,
    ),
  ];
}

function transportMetrics(transport: TransportCounters): readonly Metric[] {
  const { messagesSent, messagesReceived, messagesDropped, connectedTo } = transport;
  return [
    counter("messages_sent_total", "Messages sent to other servers.", messagesSent),
    counter("messages_received_total", "Messages of other servers.", messagesReceived),
    counter(
      "messages_dropped_total",
      "Messages that found no connection, or a full queue.",
      messagesDropped,
    ),
    gauge("peers_connected", "The other servers that are connected.", connectedTo.length),
  ];
}

function clientMetrics({ connections, requests }: ClientDoorCounters): readonly Metric[] {
  return [
    gauge("client_connections", "Clients that are connected over TCP.", connections),
    counter("client_requests_total", "Requests of clients over TCP.", requests),
  ];
}

/**
 * Resident memory moves with what V8 keeps for later; only what stays alive after full collections
 * shows growth.
 */
function memoryMetrics(alive: AliveMemory): readonly Metric[] {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return [
    gauge("memory_bytes", "The resident memory of the process.", rss),
    gauge("heap_total_bytes", "What V8 has reserved for its heap.", heapTotal),
    gauge("heap_used_bytes", "What is in V8's heap, garbage included.", heapUsed),
    gauge("external_bytes", "What is kept outside V8's heap by what is in it.", external),
    gauge("array_buffer_bytes", "Buffers: a part of what is outside the heap.", arrayBuffers),
    gauge(
      "heap_alive_bytes",
      "What the last full collection left in V8's heap; 0 before the first.",
      alive.heapBytes,
    ),
    gauge(
      "external_alive_bytes",
      "What was outside V8's heap after the last full collection; 0 before the first.",
      alive.externalBytes,
    ),
    counter(
      "full_collections_total",
      "Full collections of V8, young and old generation.",
      alive.fullCollections,
    ),
  ];
}

function counter(name: string, help: string, value: number): Metric {
  return { name: `lockstep_${name}`, type: "counter", help, samples: [{ value }] };
}

function gauge(name: string, help: string, value: number): Metric {
  return { name: `lockstep_${name}`, type: "gauge", help, samples: [{ value }] };
}

function histogram(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return { name: `lockstep_${name}`, type: "histogram", help, samples };
}

import { dirname, relative, sep } from "node:path";
import {
  createServer,
  type Message,
  restart,
  type Server,
  type ServerOptions,
} from "../core/index.ts";
import { Doors } from "./doors.ts";
import { nodeFiles } from "./files/node-files.ts";
import { requireListenable } from "./first-start.ts";
import { FolderLock } from "./folder-lock.ts";
import { Host } from "./host.ts";
import type { HostLimits } from "./host-limits.ts";
import { claimFolder, isClaimed, logOfNobody } from "./identity.ts";
import { silentLog } from "./log.ts";
import { restoreTo } from "./machine-calls.ts";
import { NodeServer } from "./node-server.ts";
import {
  commandCharactersOf,
  DEFAULT_HOST_LIMITS,
  DEFAULT_SEGMENT_BYTES,
  DEFAULT_TIMING,
  MOST_WHEN_TRACED,
  type NodeServerOptions,
} from "./options.ts";
import { PackedEntries } from "./packed-entries.ts";
import { requirePlaces } from "./places.ts";
import { checkOptions } from "./server-settings.ts";
import { onlyGiven } from "./settings.ts";
import { type OpenedStorage, openStorage, type Storage } from "./storage.ts";
import { openTrace } from "./trace/open-trace.ts";
import type { TraceLog } from "./trace/trace-log.ts";
import { requestBytes } from "./transport/limits.ts";
import { TcpTransport } from "./transport/tcp.ts";
import type { Transport } from "./transport.ts";

/** The most entries in one message: messages of any length are carried, in fragments. */
const MAX_ENTRIES_PER_REQUEST = 512;

/**
 * Starts a server: from its folder where it has been before, else as a new one.
 *
 * @throws SettingError for options that make no sense, FolderInUse, LogDamage, TraceNotResumable,
 *   StateMachineFault where it cannot restore its snapshot, or an error of the file system; nothing runs then
 */
export async function startServer(options: NodeServerOptions): Promise<NodeServer> {
  checkOptions(options);
  const files = options.files ?? nodeFiles;
  await requirePlaces(files, options);
  await requireListenable(files, options);
  await files.makeFolder(options.folder);
  const lock = await FolderLock.acquire(options.folder);
  try {
    const { id, clusterId, folder } = options;
    const servers = Object.keys(options.servers);
    const own = { clusterId, id, servers };
    const claim = (await isClaimed(files, folder, own, ownFilesIn(folder, options)))
      ? null
      : () => claimFolder(files, folder, own);
    return await startFromFolder(options, servers, lock, claim);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The trace may lie in the folder. */
function ownFilesIn(folder: string, { traceFile = null }: NodeServerOptions): readonly string[] {
  if (traceFile === null) return [];
  const [name = ""] = relative(folder, traceFile).split(sep);
  return [name];
}

async function startFromFolder(
  options: NodeServerOptions,
  servers: readonly string[],
  lock: FolderLock,
  claim: (() => Promise<void>) | null,
): Promise<NodeServer> {
  const { id, clusterId, folder, traceFile = null, log = silentLog } = options;
  if (traceFile !== null) await nodeFiles.makeFolder(dirname(traceFile));
  const trace = traceFile === null ? null : openTrace({ path: traceFile, id, servers, clusterId });
  const opened = await openLogFor(options, trace?.onTrace ?? (() => {}));
  const { storage, cut } = opened;
  const parts: { close(): void | Promise<void> }[] = [storage];
  try {
    if (claim !== null) {
      if (!isUnused(opened)) throw logOfNobody(folder);
      await claim();
    }
    const traceLog = (await trace?.begin(opened)) ?? null;
    if (traceLog === null && !opened.isNew) await markUntraced(opened);
    if (cut !== null) log("warn", "cut the torn end of the log", { what: cut });
    const { snapshot } = opened.state;
    if (snapshot !== null) restoreTo(options.machine, snapshot);
    const core = createCore(options, servers, opened, traceLog);
    const host = createHost(options, core, storage, traceLog, (error) => server.fail(error));
    const transport = await openTransport(options, (message) => host.receive(message));
    parts.push(transport);
    const doors: Doors = await Doors.open(options, host, transport, () => server.metrics());
    parts.push(doors, { close: () => host.stop(0) });
    const server = NodeServer.of({ host, transport, doors, storage, trace: traceLog, lock, log });
    host.start(transport);
    const { address, httpAddress: http } = server;
    const { currentTerm: term, log: entries } = core;
    const { pid } = process;
    log("info", "started", { pid, address, http, folder, term, lastIndex: entries.lastIndex });
    return server;
  } catch (error) {
    for (const part of parts.reverse()) await part.close();
    throw error;
  }
}

function createHost(
  options: NodeServerOptions,
  core: Server,
  storage: Storage,
  trace: TraceLog | null,
  onFailure: (error: Error) => void,
): Host {
  const { clusterId, machine, log = silentLog } = options;
  const timing = { ...DEFAULT_TIMING, ...onlyGiven(options.timing) };
  const limits = limitsOf(options, trace !== null);
  return new Host({ clusterId, core, storage, machine, trace, timing, limits, log, onFailure });
}

function limitsOf(options: NodeServerOptions, isTraced: boolean): HostLimits {
  const limits = { ...DEFAULT_HOST_LIMITS, ...onlyGiven(options.limits) };
  if (!isTraced) return limits;
  const { maxCharacters, snapshotBytes } = MOST_WHEN_TRACED;
  return {
    ...limits,
    maxCharacters: Math.min(limits.maxCharacters, maxCharacters),
    snapshotBytes: Math.min(limits.snapshotBytes, snapshotBytes),
  };
}

function openLogFor(
  options: NodeServerOptions,
  onTrace: Parameters<typeof openStorage>[0]["onTrace"],
): Promise<OpenedStorage> {
  return (options.openStorage ?? openStorage)({
    files: options.files ?? nodeFiles,
    folder: options.folder,
    segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
    onTrace,
  });
}

/** Whether no server can have promised anything by what the log holds. */
function isUnused({ isNew, state }: OpenedStorage): boolean {
  const { currentTerm, snapshot, entries } = state;
  return isNew || (currentTerm === 0 && snapshot === null && entries.length === 0);
}

/** From here on the log tells that not every step was traced. */
async function markUntraced({ storage, state }: OpenedStorage): Promise<void> {
  if (!state.isTraced) return;
  const { currentTerm, votedFor } = state;
  const nothing = { base: null, logChangedFrom: 0, entries: [], trace: null };
  await storage.persist({ currentTerm, votedFor, ...nothing });
}

function createCore(
  options: NodeServerOptions,
  servers: readonly string[],
  opened: OpenedStorage,
  trace: TraceLog | null,
): Server {
  const coreOptions: ServerOptions = {
    id: options.id,
    servers,
    maxEntriesPerRequest: MAX_ENTRIES_PER_REQUEST,
    makeEntries: () => new PackedEntries(),
    observer: trace === null ? null : (server, step) => trace.observe(server, step),
    ...(options.rules === undefined ? {} : { rules: options.rules }),
  };
  if (opened.isNew) return createServer(coreOptions);
  const { currentTerm, votedFor, snapshot, entries } = opened.state;
  return restart(coreOptions, { currentTerm, votedFor, snapshot, log: entries });
}

async function openTransport(
  options: NodeServerOptions,
  onMessage: (message: Message) => void,
): Promise<Transport> {
  if (options.openTransport !== undefined) return await options.openTransport(onMessage);
  const { id, clusterId, servers, tls = null, log = silentLog } = options;
  const listen = options.listen ?? servers[id] ?? "";
  const limits = { maxRequestBytes: requestBytes(commandCharactersOf(options)) };
  return await TcpTransport.open({ id, clusterId, listen, servers, tls, onMessage, log, limits });
}

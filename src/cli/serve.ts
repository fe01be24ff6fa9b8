/** `lockstep serve`: one server of a cluster, in this process. */
import { SettingError } from "../node/address.ts";
import { FolderInUse } from "../node/folder-lock.ts";
import type { Log } from "../node/log.ts";
import type { NodeServer } from "../node/node-server.ts";
import type { NodeServerOptions } from "../node/options.ts";
import { startServer } from "../node/start-server.ts";
import { KeyValueMachine } from "../node/state-machine.ts";
import { TraceNotResumable } from "../node/trace/trace-file.ts";
import { LogDamage } from "../node/wal/damage.ts";
import { type Command, CommandError, type CommandIo, EXIT, type ExitCode } from "./command.ts";
import {
  LOG_LEVELS,
  type LogLevelName,
  parseServeArguments,
  SERVERS_VARIABLE,
  type ServeSettings,
} from "./serving/arguments.ts";
import { boundHeap } from "./serving/bound-heap.ts";
import { readTls } from "./serving/tls-files.ts";
import { stopSignal } from "./stop-signal.ts";

const HELP = `Runs one server of a cluster: a replicated key-value store, in a folder of its own. It runs until
SIGTERM or SIGINT, then takes no more commands, answers those it has taken, and ends.

Usage: lockstep serve --config FILE [OPTIONS]
       lockstep serve --id NAME --cluster NAME --server NAME=HOST:PORT... --folder DIR [OPTIONS]

Options, each also a setting of the file, whose name is in brackets; a flag goes before the file:
  --config FILE             a JSON object with settings
  --id NAME                 this server's name, one of the servers [id]
  --cluster NAME            the cluster's name, the same for all its servers [clusterId]
  --server NAME=HOST:PORT   a server of the cluster and where it is reached; once for each, this
                            one included, the same for all [servers: an object]; else the
                            environment's ${SERVERS_VARIABLE}: NAME=HOST:PORT,NAME=HOST:PORT,...
  --folder DIR              this server's folder; made at the first start [folder]
  --listen HOST:PORT        where to listen, if not at the own address [listen]
  --http NAME=HOST:PORT     where a server's HTTP door is: /kv/KEY, /status, /metrics; once for each
                            server, so that this one can redirect to the leader [http: an object]
  --trace FILE              trace every step into FILE, for lockstep check [trace]
  --tls-authority FILE, --tls-certificate FILE, --tls-key FILE
                            mutual TLS, PEM; required for addresses that are not loopback
                            [tls: authority, certificate, key]
  --heartbeat-ms N          how often a leader is heard at least (100) [heartbeatMs]
  --election-timeout-ms N   how long a follower waits for it; drawn from N to 2 N (500)
                            [electionTimeoutMs]
  --segment-bytes N         the size of a file of the write-ahead log (16777216), 4096 to 1073741824
                            [segmentBytes]
  --log-level LEVEL         ${LOG_LEVELS.join(", ")} (info) [logLevel]
  --json                    one JSON document on standard output once the server takes part

The log goes to standard error, one JSON object a line.

Examples:
  lockstep serve --id s1 --cluster demo --folder s1 --server s1=127.0.0.1:7001 \\
    --server s2=127.0.0.1:7002 --server s3=127.0.0.1:7003
  lockstep serve --config s1.json --trace traces/s1.ndjson

Exit codes: 0 stopped by a signal; 2 bad usage, a path of the wrong kind, or a folder that is not
this server's or is damaged; 3 the machine lacks something: the disk failed or is full, an address
is in use.
`;

export const serveCommand: Command = {
  name: "serve",
  summary: "Run one server of a cluster.",
  help: HELP,
  run: async (args, io) => {
    const { settings, json } = parseServeArguments(args, io.env);
    boundHeap();
    const signalled = stopSignal();
    const server = await start(settings, logTo(io, settings));
    if (json) {
      const { address, httpAddress } = server;
      io.stdout(`${JSON.stringify({ ...server.status(), address, httpAddress }, null, 2)}\n`);
    }
    const failure = await Promise.race([server.stopped, signalled]);
    await server.stop();
    if (failure === null) return EXIT.holds;
    throw new CommandError(exitCodeOf(failure), failureText(failure));
  },
};

async function start(settings: ServeSettings, log: Log): Promise<NodeServer> {
  try {
    return await startServer(optionsOf(settings, log));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // What the system refuses is worded in one place, for all commands.
    if ("syscall" in error) throw error;
    throw new CommandError(exitCodeOf(error), error.message);
  }
}

function failureText({ message }: Error): string {
  const isFull = message.includes("ENOSPC");
  const advice = isFull
    ? "Make room on the disk and start it again"
    : "Look after the disk, then start it again";
  const isDisk = isFull || /\bE(IO|ROFS|DQUOT|FBIG)\b/.test(message);
  const known = "all that it has acknowledged is on the disk";
  return isDisk ? `${message}: ${known}. ${advice}.` : message;
}

function exitCodeOf(error: Error): ExitCode {
  const isInput =
    error instanceof SettingError ||
    error instanceof LogDamage ||
    error instanceof FolderInUse ||
    error instanceof TraceNotResumable;
  return isInput ? EXIT.badInput : EXIT.environment;
}

function optionsOf(settings: ServeSettings, log: Log): NodeServerOptions {
  const { id, clusterId, servers, folder, listen, http, trace, tls } = settings;
  const { heartbeatMs, electionTimeoutMs, segmentBytes } = settings;
  return {
    id,
    clusterId,
    servers,
    folder,
    machine: new KeyValueMachine(),
    http: http ?? null,
    traceFile: trace ?? null,
    tls: tls === undefined ? null : readTls(tls),
    log,
    timing: {
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
      ...(electionTimeoutMs === undefined ? {} : { electionTimeoutMs }),
    },
    ...(listen === undefined ? {} : { listen }),
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  };
}

const RANK: Readonly<Record<LogLevelName, number>> = { info: 0, warn: 1, error: 2 };

/** One JSON object a line, with the time. */
function logTo(io: CommandIo, { id, logLevel = "info" }: ServeSettings): Log {
  return (level, message, fields = {}) => {
    if (RANK[level] < RANK[logLevel]) return;
    const time = new Date().toISOString();
    io.stderr(`${JSON.stringify({ time, level, server: id, message, ...fields })}\n`);
  };
}
